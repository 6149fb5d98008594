using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Policies;

/// <summary>For what a list of approvers stands. The narrowest one that exists decides.</summary>
public enum ApproverScope
{
    /// <summary>Everything that no narrower list covers.</summary>
    Agency,

    /// <summary>All identities on a platform.</summary>
    Platform,

    /// <summary>All identities of a client.</summary>
    Client,

    /// <summary>One identity.</summary>
    Identity,
}

/// <summary>Who may approve.</summary>
/// <param name="Everybody">Everybody whose role decides requests; otherwise only the people named.</param>
/// <param name="People">The people named. With <paramref name="Everybody"/> off and nobody named, nobody may: silence never grants.</param>
public sealed record Approvers(bool Everybody, IReadOnlySet<PersonId> People)
{
    /// <summary>Everybody whose role decides requests.</summary>
    public static Approvers AllDeciders { get; } = new(Everybody: true, new HashSet<PersonId>());

    /// <summary>Nobody at all.</summary>
    public static Approvers Nobody { get; } = new(Everybody: false, new HashSet<PersonId>());

    /// <summary>Whether this person, with these roles, may approve. Being named is not enough: the role decides too.</summary>
    public bool Admits(Actor person) => person.Has(RolePermissions.Deciders) && (Everybody || (person.Id is { } id && People.Contains(id)));
}

/// <summary>
/// Who approves checkouts of an identity, a client's identities, a platform's, or of everything else (P15). The narrowest
/// list counts alone, it is read again at every decision, and an empty one means nobody – not anybody.
/// </summary>
public sealed class ApproverList : Aggregate
{
    /// <summary>Most people on a list.</summary>
    public const int MostPeople = 100;

    /// <summary>Longest key.</summary>
    public const int KeyLength = 120;

    private List<Guid> people = [];

    private ApproverList()
    {
    }

    /// <summary>What it stands for.</summary>
    public ApproverScope Scope { get; private set; }

    /// <summary>Which one: the client's or platform's name, the identity's id; empty for the agency. Compared without regard to case.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Everybody whose role decides requests, instead of the people named.</summary>
    public bool Everybody { get; private set; }

    /// <summary>The list as a rule.</summary>
    public Approvers Approvers => new(Everybody, people.Select(p => new PersonId(p)).ToHashSet());

    /// <summary>The agency's list as a new agency starts with it: everybody whose role decides requests.</summary>
    public static ApproverList Default() => new() { Scope = ApproverScope.Agency, Everybody = true };

    /// <summary>Begins a list for a narrower scope; <see cref="Change"/> fills it.</summary>
    public static ApproverList For(ApproverScope scope, string key) => new() { Scope = scope, Key = key.Trim() };

    /// <summary>What it covers and whom it admits, as a value.</summary>
    public ListedApprovers Listed => new(Scope, Key, Approvers);

    /// <summary>Saves who approves.</summary>
    /// <param name="by">The editor, with fresh roles.</param>
    /// <param name="approvers">Who may approve from now on.</param>
    /// <param name="reach">How far that goes today.</param>
    /// <param name="shortfallAccepted">Whether the editor has been told who could not be approved for with this, and wants it so.</param>
    /// <param name="madeOn">The <see cref="Aggregate.Version"/> the editor was looking at; 0 for a list that isn't there yet.</param>
    /// <param name="names">The names of the people, for the trail.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>
    /// Done; or <c>not-settings-editor</c>, <c>policy-changed-meanwhile</c>, <c>text-too-long</c>, <c>too-many-approvers</c>, <c>nobody-could-approve</c>,
    /// <c>too-few-could-approve</c>.
    /// </returns>
    public Result<Done> Change(Actor by, Approvers approvers, ListReach reach, bool shortfallAccepted, long madeOn, IReadOnlyList<string> names, Instant now)
    {
        if (!by.Has(RolePermissions.SettingsEditors))
            return PolicyRefusals.NotSettingsEditor;
        if (madeOn != Version)
            return PolicyRefusals.ChangedMeanwhile;
        if (Key.Length > KeyLength)
            return Vault.VaultRefusals.TextTooLong;
        if (approvers.People.Count > MostPeople)
            return PolicyRefusals.TooManyApprovers;
        if (reach.Approvers == 0 && !shortfallAccepted)
            return PolicyRefusals.NobodyCouldApprove;
        if (reach.Gaps.Count > 0 && !shortfallAccepted)
            return PolicyRefusals.TooFewCouldApprove;
        List<Guid> named = approvers.Everybody ? [] : [.. approvers.People.Select(p => p.Value).Order()];
        if (Version > 0 && Everybody == approvers.Everybody && named.SequenceEqual(people))
            return Done.Yes;
        (Everybody, people) = (approvers.Everybody, named);
        Raise(new ApproversChanged(now, by, Scope, Key, approvers.Everybody, names, reach.Approvers));
        return Done.Yes;
    }

    /// <summary>Notes that the list is given up, so that the next wider one counts; the caller removes it. The agency's own list stays.</summary>
    /// <returns>Done; or <c>not-settings-editor</c>, <c>agency-list-stays</c>.</returns>
    public Result<Done> GiveUp(Actor by, Instant now)
    {
        if (!by.Has(RolePermissions.SettingsEditors))
            return PolicyRefusals.NotSettingsEditor;
        if (Scope == ApproverScope.Agency)
            return PolicyRefusals.AgencyListStays;
        Raise(new ApproversGivenUp(now, by, Scope, Key));
        return Done.Yes;
    }
}

/// <summary>Who approves was decided anew.</summary>
public sealed record ApproversChanged(Instant At, Actor By, ApproverScope Scope, string Key, bool Everybody, IReadOnlyList<string> Names, int Reachable) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "policy.approvers-changed";

    /// <inheritdoc/>
    public override Subject About => Scope == ApproverScope.Identity && Guid.TryParse(Key, out var id) ? new(Identity: new IdentityId(id)) : new();

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("for", Scope == ApproverScope.Identity ? "identity" : Scope.ToString().ToLowerInvariant())
        .Add("name", Scope == ApproverScope.Identity ? null : Key)
        .Add("approvers", Everybody ? "everybody whose role decides" : Names.Count == 0 ? "nobody" : null)
        .Add("reachable", Reachable.ToString(System.Globalization.CultureInfo.InvariantCulture))
        .AddPersonal("people", string.Join(", ", Names));
}

/// <summary>A narrower list is gone; the next wider one counts.</summary>
public sealed record ApproversGivenUp(Instant At, Actor By, ApproverScope Scope, string Key) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "policy.approvers-given-up";

    /// <inheritdoc/>
    public override Subject About => Scope == ApproverScope.Identity && Guid.TryParse(Key, out var id) ? new(Identity: new IdentityId(id)) : new();

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("for", Scope == ApproverScope.Identity ? "identity" : Scope.ToString().ToLowerInvariant())
        .Add("name", Scope == ApproverScope.Identity ? null : Key);
}
