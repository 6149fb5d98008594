using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Agency;

/// <summary>
/// Somebody who works in the agency. Signing in is a separate matter (Storage keeps the account with the same id);
/// what a person may do is decided here.
/// </summary>
public sealed class Person : Aggregate
{
    /// <summary>Longest name kept.</summary>
    public const int NameLength = 100;

    /// <summary>Longest e-mail address kept.</summary>
    public const int EmailLength = 254;

    private Person()
    {
    }

    /// <summary>The person's id.</summary>
    public PersonId Id { get; private set; }

    /// <summary>The name colleagues know.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The address they sign in with, in lower case.</summary>
    public string Email { get; private set; } = "";

    /// <summary>What they may do.</summary>
    public Roles Roles { get; private set; }

    /// <summary>When they accepted their invitation; nobody acts before that.</summary>
    public Instant? JoinedAt { get; private set; }

    /// <summary>Since when they are disabled.</summary>
    public Instant? DisabledAt { get; private set; }

    /// <summary>
    /// Every sign-in carries the epoch it was made in; raising it ends them all at once (security.md, promise 9).
    /// </summary>
    public int SignInEpoch { get; private set; }

    /// <summary>Whether they may act at all: joined, and not disabled.</summary>
    public bool IsActive => JoinedAt is not null && DisabledAt is null;

    /// <summary>The person as an actor, with the roles they have now.</summary>
    public Actor AsActor() => new(Id, Name, Roles);

    /// <summary>Invites somebody; they become active when they accept.</summary>
    /// <returns>The person; or <c>not-people-manager</c>, <c>name-missing</c>, <c>email-invalid</c>, <c>role-missing</c>, <c>owner-only-by-owner</c>.</returns>
    public static Result<Person> Invite(Actor by, string name, string email, Roles roles, Instant now)
    {
        if (by != Actor.Console && !by.Has(RolePermissions.PeopleManagers))
            return AgencyRefusals.NotPeopleManager;
        var cleanName = name.Trim();
        var cleanEmail = email.Trim().ToLowerInvariant();
        if (cleanName.Length is 0 or > NameLength)
            return AgencyRefusals.NameMissing;
        if (!LooksLikeEmail(cleanEmail))
            return AgencyRefusals.EmailInvalid;
        if (RolesRefused(by, Roles.None, roles) is { } refused)
            return refused;

        var person = new Person { Id = PersonId.New(), Name = cleanName, Email = cleanEmail, Roles = roles };
        person.Raise(new PersonInvited(now, by, person.Id, cleanName, roles));
        return person;
    }

    /// <summary>Accepts the invitation. Once only.</summary>
    /// <returns>Done; or <c>already-joined</c>, <c>person-disabled</c>.</returns>
    public Result<Done> Join(Instant now)
    {
        if (JoinedAt is not null)
            return AgencyRefusals.AlreadyJoined;
        if (DisabledAt is not null)
            return AgencyRefusals.PersonDisabled;
        JoinedAt = now;
        Raise(new PersonJoined(now, AsActor(), Id));
        return Done.Yes;
    }

    /// <summary>Gives the person exactly these roles.</summary>
    /// <param name="by">Who changes them.</param>
    /// <param name="roles">All roles from now on.</param>
    /// <param name="otherActiveOwners">How many other active owners there are.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Done; or <c>not-people-manager</c>, <c>role-missing</c>, <c>owner-only-by-owner</c>, <c>last-owner</c>.</returns>
    public Result<Done> ChangeRoles(Actor by, Roles roles, int otherActiveOwners, Instant now)
    {
        if (!by.Has(RolePermissions.PeopleManagers))
            return AgencyRefusals.NotPeopleManager;
        if (RolesRefused(by, Roles, roles) is { } refused)
            return refused;
        if (LosesLastOwner(roles, otherActiveOwners))
            return AgencyRefusals.LastOwner;
        if (roles == Roles)
            return Done.Yes;

        var before = Roles;
        Roles = roles;
        Raise(new PersonRolesChanged(now, by, Id, Name, before, roles));
        return Done.Yes;
    }

    /// <summary>Takes everything away at once: sign-ins end, running sessions are revoked by the caller in the same transaction.</summary>
    /// <returns>Done; or <c>not-people-manager</c>, <c>owner-only-by-owner</c>, <c>last-owner</c>, <c>person-disabled</c> (already).</returns>
    public Result<Done> Disable(Actor by, int otherActiveOwners, Instant now)
    {
        if (!by.Has(RolePermissions.PeopleManagers))
            return AgencyRefusals.NotPeopleManager;
        if (Roles.HasAny(Roles.Owner) && !by.Has(Roles.Owner))
            return AgencyRefusals.OwnerOnlyByOwner;
        if (DisabledAt is not null)
            return AgencyRefusals.PersonDisabled;
        if (LosesLastOwner(Roles.None, otherActiveOwners))
            return AgencyRefusals.LastOwner;

        DisabledAt = now;
        SignInEpoch++;
        Raise(new PersonDisabled(now, by, Id, Name));
        return Done.Yes;
    }

    /// <summary>Lets a disabled person back in, with the roles they had.</summary>
    /// <returns>Done; or <c>not-people-manager</c>, <c>owner-only-by-owner</c>, <c>not-disabled</c>.</returns>
    public Result<Done> Enable(Actor by, Instant now)
    {
        if (!by.Has(RolePermissions.PeopleManagers))
            return AgencyRefusals.NotPeopleManager;
        if (Roles.HasAny(Roles.Owner) && !by.Has(Roles.Owner))
            return AgencyRefusals.OwnerOnlyByOwner;
        if (DisabledAt is null)
            return AgencyRefusals.NotDisabled;
        DisabledAt = null;
        Raise(new PersonEnabled(now, by, Id, Name));
        return Done.Yes;
    }

    /// <summary>Notes that they signed in.</summary>
    public void SignedIn(Instant now) => Raise(new PersonSignedIn(now, AsActor(), Id));

    private bool LosesLastOwner(Roles after, int otherActiveOwners)
        => IsActive && Roles.HasAny(Roles.Owner) && !after.HasAny(Roles.Owner) && otherActiveOwners == 0;

    private static Refusal? RolesRefused(Actor by, Roles before, Roles after)
    {
        if (after == Roles.None || (after & ~RolePermissions.All) != Roles.None)
            return AgencyRefusals.RoleMissing;
        var ownerChanges = before.HasAny(Roles.Owner) != after.HasAny(Roles.Owner);
        return (ownerChanges || before.HasAny(Roles.Owner)) && by != Actor.Console && !by.Has(Roles.Owner)
            ? AgencyRefusals.OwnerOnlyByOwner
            : null;
    }

    private static bool LooksLikeEmail(string email)
        => email.Length is > 2 and <= EmailLength
            && email.IndexOf('@', StringComparison.Ordinal) is var at
            && at > 0 && at < email.Length - 1
            && email.LastIndexOf('@') == at
            && !email.Any(char.IsWhiteSpace);
}
