using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault;

/// <summary>Why a secret is to be changed.</summary>
public enum RotationCause
{
    /// <summary>The last session in which somebody saw it is over.</summary>
    SessionEnded,

    /// <summary>Somebody who keeps the vault wants it.</summary>
    Asked,

    /// <summary>Somebody who saw it has left, or lost a role.</summary>
    PersonLeft,
}

/// <summary>Where a rotation stands.</summary>
public enum RotationState
{
    /// <summary>Somebody still holds the credential: it begins when the last session on it is over.</summary>
    Waiting,

    /// <summary>It can begin: by itself with a connector, else by a person.</summary>
    Ready,

    /// <summary>The new secret is sealed and stored. Whether the target has it, nobody knows yet.</summary>
    Stored,

    /// <summary>The target, or a person, says that it is set there. Nobody has logged in with it yet.</summary>
    Set,

    /// <summary>The new secret logged in, and is in force.</summary>
    Done,

    /// <summary>It can't go on by itself.</summary>
    NeedsPerson,

    /// <summary>It was given up before anything was set.</summary>
    Cancelled,
}

/// <summary>Whose secret is changed where, pinned when the new one is stored: after that nothing of it may change underway.</summary>
public sealed record TargetPrint(ConnectorKind Connector, string UserName, string Host, int Port, string Database)
{
    /// <summary>Before anything is stored.</summary>
    public static TargetPrint Nothing { get; } = new(ConnectorKind.Manual, "", "", 0, "");

    /// <summary>The credential's target as it is now.</summary>
    public static TargetPrint Of(Credential credential)
        => new(credential.Plan.Connector, credential.UserName, credential.Plan.Host, credential.Plan.Port, credential.Plan.Database);

    /// <summary>What differs, as words for a sentence; empty, if nothing does.</summary>
    public string Differs(TargetPrint other)
    {
        (string Word, bool Differs)[] parts =
        [
            ("the connector", Connector != other.Connector), ("the user name", UserName != other.UserName), ("the host", Host != other.Host),
            ("the port", Port != other.Port), ("the database", Database != other.Database),
        ];
        return string.Join(" and ", parts.Where(p => p.Differs).Select(p => p.Word));
    }
}

/// <summary>
/// One change of a credential's main secret, from the reason for it to the proof (security.md, "Rotation"): stored, set,
/// logged in with, put in force – each in a transaction of its own, so that a crash anywhere leaves a stored version that
/// works. A credential has at most one that is open. What is over stays as it is.
/// </summary>
public sealed class Rotation : Aggregate
{
    /// <summary>Longest problem, and longest words of somebody for whom the new secret did not work.</summary>
    public const int ProblemLength = 500;

    private Rotation()
    {
    }

    /// <summary>How long a person has for a task (product.md, "Defaults": a task due in 24 h).</summary>
    public static Duration TaskTime { get; } = Duration.FromHours(24);

    /// <summary>The rotation's id.</summary>
    public RotationId Id { get; private set; }

    /// <summary>The identity.</summary>
    public IdentityId IdentityId { get; private set; }

    /// <summary>The credential.</summary>
    public CredentialId CredentialId { get; private set; }

    /// <summary>Why.</summary>
    public RotationCause Cause { get; private set; }

    /// <summary>Whether the secret was seen in an emergency.</summary>
    public bool InEmergency { get; private set; }

    /// <summary>Who left, when that is the reason.</summary>
    public PersonId? PersonId { get; private set; }

    /// <summary>Who asked for it; nobody, when a session's end did.</summary>
    public PersonId? OpenedBy { get; private set; }

    /// <summary>Since when.</summary>
    public Instant OpenedAt { get; private set; }

    /// <summary>Where it stands.</summary>
    public RotationState State { get; private set; }

    /// <summary>Whether it begins although somebody still holds the credential.</summary>
    public bool Insists { get; private set; }

    /// <summary>When a person should have done it, if it is a person's turn; null while it waits.</summary>
    public Instant? DueAt { get; private set; }

    /// <summary>The stored version that is to be put in force.</summary>
    public int? PendingVersion { get; private set; }

    /// <summary>Where that version is to be set.</summary>
    public TargetPrint Target { get; private set; } = TargetPrint.Nothing;

    /// <summary>Who entered that version by hand; nobody, when a connector sets it.</summary>
    public PersonId? EnteredBy { get; private set; }

    /// <summary>When they did.</summary>
    public Instant? EnteredAt { get; private set; }

    /// <summary>What went wrong last, in words; empty, if nothing did.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>When it was over.</summary>
    public Instant? ClosedAt { get; private set; }

    /// <summary>Who confirmed or cancelled it; nobody, when the product did.</summary>
    public PersonId? ClosedBy { get; private set; }

    /// <summary>Whether it is not over yet.</summary>
    public bool IsOpen => ClosedAt is null;

    /// <summary>Whether a person says that the new secret is set, and another has to confirm it.</summary>
    public bool WaitsForConfirmation => State == RotationState.Set && EnteredBy is not null;

    /// <summary>Whether a connector works on it, given that the credential has one.</summary>
    public bool IsUnderWay => (State is RotationState.Ready or RotationState.Stored or RotationState.Set) && EnteredBy is null;

    /// <summary>Whether nothing has left the vault for a target yet.</summary>
    public bool CanBeCancelled => IsOpen && PendingVersion is null;

    /// <summary>Opens one.</summary>
    /// <param name="by">Who wants it; the product itself after a session.</param>
    /// <param name="credential">Of which credential. Nobody else may have one open for it; the database says so too.</param>
    /// <param name="cause">Why.</param>
    /// <param name="left">Who left, when that is the reason.</param>
    /// <param name="isHeld">Whether a session runs on the credential.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>The rotation; or <c>not-vault-manager</c>, <c>archived</c>.</returns>
    public static Result<Rotation> Open(Actor by, Credential credential, RotationCause cause, PersonId? left, bool isHeld, Instant now)
    {
        if (cause != RotationCause.SessionEnded && !by.Has(RolePermissions.VaultManagers))
            return VaultRefusals.NotVaultManager;
        if (credential.ArchivedAt is not null)
            return VaultRefusals.Archived;
        var rotation = new Rotation
        {
            Id = RotationId.New(),
            IdentityId = credential.IdentityId,
            CredentialId = credential.Id,
            Cause = cause,
            InEmergency = credential.ExposedInEmergency,
            PersonId = left,
            OpenedBy = by.Id,
            OpenedAt = now,
            State = isHeld ? RotationState.Waiting : RotationState.Ready,
            DueAt = isHeld ? null : now + TaskTime,
        };
        rotation.Raise(new RotationOpened(now, by, rotation.About(credential), cause, credential.Plan.Connector, left, isHeld));
        return rotation;
    }

    /// <summary>The last session on the credential is over: it can begin. Nothing happens unless it waits.</summary>
    public void Begin(Credential credential, Instant now)
    {
        if (State != RotationState.Waiting)
            return;
        (State, DueAt) = (RotationState.Ready, now + TaskTime);
        Raise(new RotationBegan(now, Actor.System, About(credential), Insists));
    }

    /// <summary>Somebody holds the credential again, and nothing is stored yet: it waits.</summary>
    public void Wait(Credential credential, Instant now)
    {
        if (State != RotationState.Ready)
            throw new InvalidOperationException("Only what has not begun can wait.");
        (State, DueAt) = (RotationState.Waiting, null);
        Raise(new RotationWaits(now, Actor.System, About(credential)));
    }

    /// <summary>It begins although somebody still holds the credential; they see the new secret from then on.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>rotation-over</c>, <c>rotation-under-way</c>.</returns>
    public Result<Done> Hurry(Actor by, Credential credential, Instant now)
    {
        if (Refused(by) is { } refused)
            return refused;
        if (State != RotationState.Waiting)
            return RotationRefusals.RotationUnderWay;
        (State, Insists, DueAt) = (RotationState.Ready, true, now + TaskTime);
        Raise(new RotationBegan(now, by, About(credential), Insists));
        return Done.Yes;
    }

    /// <summary>Step one of four: the new secret is stored, and its target pinned.</summary>
    public void Store(Credential credential, SealedSecret pending, Instant now)
    {
        if (State != RotationState.Ready)
            throw new InvalidOperationException("A new secret is stored once, at the beginning.");
        credential.Stage(pending);
        (State, PendingVersion, Target, EnteredBy, EnteredAt) = (RotationState.Stored, pending.Version, TargetPrint.Of(credential), null, null);
        Raise(new RotationStored(now, Actor.System, About(credential), pending.Version));
    }

    /// <summary>Step two of four: the target says that it has the new secret. Saying it again changes nothing.</summary>
    public void MarkSet(Credential credential, Instant now)
    {
        if (State != RotationState.Stored)
            return;
        State = RotationState.Set;
        Raise(new RotationSet(now, Actor.System, About(credential), Pending));
    }

    /// <summary>Steps three and four: the new secret logged in, so it is put in force, and the exposure is over.</summary>
    public void Verify(Credential credential, Instant now) => Promote(credential, Actor.System, now);

    /// <summary>An older version is the one that logs in: it is in force again, and the rotation goes on from there.</summary>
    public void FallBack(Credential credential, int version, Instant now)
    {
        credential.FallBack(version, now);
        Raise(new RotationFellBack(now, Actor.System, About(credential), version));
    }

    /// <summary>A try failed; another follows.</summary>
    public void Fail(Credential credential, int tried, string problem, Instant now)
    {
        Problem = Cut(problem);
        Raise(new RotationTryFailed(now, Actor.System, About(credential), tried, Problem));
    }

    /// <summary>It can't go on by itself; never a silent drop.</summary>
    public void NeedPerson(Credential credential, string problem, Instant now)
    {
        if (!IsOpen || State == RotationState.NeedsPerson)
            return;
        (State, Problem, DueAt) = (RotationState.NeedsPerson, Cut(problem), now + TaskTime);
        Raise(new RotationNeedsPerson(now, Actor.System, About(credential), Problem));
    }

    /// <summary>The tries begin again, at the target as it is written now.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>rotation-over</c>, <c>rotation-by-hand</c>.</returns>
    public Result<Done> Retry(Actor by, Credential credential, Instant now)
    {
        if (Refused(by) is { } refused)
            return refused;
        if (!credential.Plan.IsAutomatic || State == RotationState.Waiting || WaitsForConfirmation)
            return RotationRefusals.RotationByHand;
        if (State == RotationState.NeedsPerson)
        {
            // Whether a version that was entered by hand is set, the target will say.
            State = PendingVersion is null ? RotationState.Ready : RotationState.Stored;
            (EnteredBy, EnteredAt) = (null, null);
        }

        if (PendingVersion is not null)
            Target = TargetPrint.Of(credential);
        Raise(new RotationRetried(now, by, About(credential)));
        return Done.Yes;
    }

    /// <summary>The target reported back after all tries were used up: what waits for a person only for that goes on by itself.</summary>
    /// <returns>Whether it does, or still goes on.</returns>
    public bool Hear(Credential credential, Instant now)
    {
        if (!IsOpen || PendingVersion is null || EnteredBy is not null)
            return false;
        if (State == RotationState.NeedsPerson)
        {
            State = RotationState.Stored;
            Raise(new RotationRetried(now, Actor.System, About(credential)));
        }

        return State is RotationState.Stored or RotationState.Set;
    }

    /// <summary>Whether a person may enter a new secret now: it is a person's task, or became one.</summary>
    /// <returns>Nothing when they may; or <c>not-vault-manager</c>, <c>rotation-over</c>, <c>rotation-under-way</c>.</returns>
    public Refusal? MayEnter(Actor by, Credential credential)
    {
        if (Refused(by) is { } refused)
            return refused;
        var isTask = State == RotationState.NeedsPerson || WaitsForConfirmation || (State == RotationState.Ready && !credential.Plan.IsAutomatic);
        return isTask ? null : RotationRefusals.RotationUnderWay;
    }

    /// <summary>A person has set a new secret at the target and says which. Somebody else has to confirm it.</summary>
    /// <param name="by">Who.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="entered">The new secret, sealed for <see cref="Credential.NextVersion"/>.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Done; or what <see cref="MayEnter"/> refuses.</returns>
    public Result<Done> Enter(Actor by, Credential credential, SealedSecret entered, Instant now)
    {
        if (MayEnter(by, credential) is { } refused)
            return refused;
        credential.Stage(entered);
        (State, PendingVersion, Target, EnteredBy, EnteredAt, Problem) = (RotationState.Set, entered.Version, TargetPrint.Of(credential), by.Id, now, "");
        DueAt ??= now + TaskTime;
        Raise(new RotationEntered(now, by, About(credential), entered.Version));
        return Done.Yes;
    }

    /// <summary>May this person look at the new secret, to try it? Notes that they do; the vault opens only after this is committed.</summary>
    /// <returns>The version; or what <see cref="Confirm"/> refuses, except <c>not-looked</c>.</returns>
    public Result<int> ShowPending(Actor by, Credential credential, Instant now)
    {
        if (MayConfirm(by) is { } refused)
            return refused;
        Raise(new RotationPendingShown(now, by, About(credential), Pending));
        return Pending;
    }

    /// <summary>Somebody else than who entered it has tried the new secret, and it works: it is put in force, and the exposure is over.</summary>
    /// <param name="by">Who confirms.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="hasLooked">Whether they looked at this very version.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>rotation-over</c>, <c>nothing-entered</c>, <c>own-entry</c>, <c>not-looked</c>.</returns>
    public Result<Done> Confirm(Actor by, Credential credential, bool hasLooked, Instant now)
    {
        if (MayConfirm(by) is { } refused)
            return refused;
        if (!hasLooked)
            return RotationRefusals.NotLooked;
        Promote(credential, by, now);
        return Done.Yes;
    }

    /// <summary>Somebody else has tried the new secret, and it does not work: it has to be entered again.</summary>
    /// <returns>Done; or what <see cref="Confirm"/> refuses, or <c>rejection-words-missing</c>.</returns>
    public Result<Done> Reject(Actor by, Credential credential, bool hasLooked, string words, Instant now)
    {
        if (MayConfirm(by) is { } refused)
            return refused;
        if (!hasLooked)
            return RotationRefusals.NotLooked;
        if (words.Trim().Length is 0 or > ProblemLength)
            return RotationRefusals.RejectionWordsMissing;
        State = credential.Plan.IsAutomatic ? RotationState.NeedsPerson : RotationState.Ready;
        (EnteredBy, EnteredAt, Problem) = (null, null, words.Trim());
        Raise(new RotationRejected(now, by, About(credential), Pending, Problem));
        return Done.Yes;
    }

    /// <summary>A person gives it up, before anything was set. The credential stays exposed.</summary>
    /// <returns>Done; or <c>not-vault-manager</c>, <c>rotation-over</c>, <c>rotation-set-already</c>.</returns>
    public Result<Done> Cancel(Actor by, Credential credential, Instant now)
    {
        if (Refused(by) is { } refused)
            return refused;
        if (!CanBeCancelled)
            return RotationRefusals.RotationSetAlready;
        Close(RotationState.Cancelled, by, now);
        Raise(new RotationCancelled(now, by, About(credential), "by a person"));
        return Done.Yes;
    }

    /// <summary>The credential is out of use, so there is nothing left to change.</summary>
    public void Drop(Credential credential, Instant now)
    {
        if (!IsOpen)
            return;
        Close(RotationState.Cancelled, Actor.System, now);
        Raise(new RotationCancelled(now, Actor.System, About(credential), "the credential was archived"));
    }

    private int Pending => PendingVersion ?? throw new InvalidOperationException("Nothing is stored.");

    private Refusal? Refused(Actor by)
        => !by.Has(RolePermissions.VaultManagers) ? VaultRefusals.NotVaultManager : IsOpen ? null : RotationRefusals.RotationOver;

    private Refusal? MayConfirm(Actor by)
    {
        if (Refused(by) is { } refused)
            return refused;
        if (!WaitsForConfirmation)
            return RotationRefusals.NothingEntered;
        return by.Is(EnteredBy!.Value) ? RotationRefusals.OwnEntry : null;
    }

    private void Promote(Credential credential, Actor by, Instant now)
    {
        if (State is not (RotationState.Stored or RotationState.Set))
            throw new InvalidOperationException("Only what is stored can be put in force.");
        credential.Promote(Pending, now);
        Close(RotationState.Done, by, now);
        Raise(new RotationVerified(now, by, About(credential), Pending, OpenedAt));
    }

    private void Close(RotationState state, Actor by, Instant now) => (State, ClosedAt, ClosedBy, DueAt, Problem) = (state, now, by.Id, null, "");

    private RotationSubject About(Credential credential) => new(IdentityId, CredentialId, credential.Label, InEmergency, PersonId);

    private static string Cut(string words) => words.Length > ProblemLength ? words[..ProblemLength] : words;
}
