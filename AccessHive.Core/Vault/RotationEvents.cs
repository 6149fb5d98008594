using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault;

/// <summary>Which rotation an event is about.</summary>
public sealed record RotationSubject(IdentityId Identity, CredentialId Credential, string Label, bool InEmergency, PersonId? Person);

/// <summary>Something that happened in a rotation. Never a secret.</summary>
public abstract record RotationEvent(Instant At, Actor By, RotationSubject Rotation) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override bool Emergency => Rotation.InEmergency;

    /// <inheritdoc/>
    public override Subject About => new(Rotation.Person, Rotation.Identity, Rotation.Credential);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("credential", Rotation.Label);

    /// <summary>A number as the trail keeps it.</summary>
    protected static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>There is a reason to change a secret.</summary>
public sealed record RotationOpened(Instant At, Actor By, RotationSubject Rotation, RotationCause Cause, ConnectorKind Connector, PersonId? Left, bool Waits) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.opened";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("cause", Cause.ToString()).Add("connector", Connector.ToString()).Add("waits for", Waits ? "the end of the last session" : null);
    }
}

/// <summary>Nothing is in its way any more, or somebody did not want to wait.</summary>
public sealed record RotationBegan(Instant At, Actor By, RotationSubject Rotation, bool Insists) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.began";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("during a session", Insists ? "yes" : null);
    }
}

/// <summary>Somebody holds the credential again.</summary>
public sealed record RotationWaits(Instant At, Actor By, RotationSubject Rotation) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.waits";
}

/// <summary>A new secret is sealed and stored.</summary>
public sealed record RotationStored(Instant At, Actor By, RotationSubject Rotation, int Version) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.stored";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("version", Number(Version));
    }
}

/// <summary>The target has the new secret.</summary>
public sealed record RotationSet(Instant At, Actor By, RotationSubject Rotation, int Version) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.set";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("version", Number(Version));
    }
}

/// <summary>The new secret logged in, or somebody else confirmed it: it is in force.</summary>
public sealed record RotationVerified(Instant At, Actor By, RotationSubject Rotation, int Version, Instant OpenedAt) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.verified";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("version", Number(Version)).Add("verified", By.Id is null ? "by logging in" : "by another person").AddMinutes("minutes since opened", At - OpenedAt);
    }
}

/// <summary>An older version is in force again, because it is the one that logs in.</summary>
public sealed record RotationFellBack(Instant At, Actor By, RotationSubject Rotation, int Version) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.fell-back";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("version", Number(Version));
    }
}

/// <summary>A try failed.</summary>
public sealed record RotationTryFailed(Instant At, Actor By, RotationSubject Rotation, int Try, string Problem) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.try-failed";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("try", Number(Try)).Add("problem", Problem);
    }
}

/// <summary>It can't go on by itself.</summary>
public sealed record RotationNeedsPerson(Instant At, Actor By, RotationSubject Rotation, string Problem) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.needs-person";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("problem", Problem);
    }
}

/// <summary>Somebody wants it tried again.</summary>
public sealed record RotationRetried(Instant At, Actor By, RotationSubject Rotation) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.retried";
}

/// <summary>Somebody has set a new secret by hand.</summary>
public sealed record RotationEntered(Instant At, Actor By, RotationSubject Rotation, int Version) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.entered";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("version", Number(Version));
    }
}

/// <summary>Somebody looks at the new secret, to try it.</summary>
public sealed record RotationPendingShown(Instant At, Actor By, RotationSubject Rotation, int Version) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.pending-shown";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("version", Number(Version));
    }
}

/// <summary>The new secret did not work for somebody else.</summary>
public sealed record RotationRejected(Instant At, Actor By, RotationSubject Rotation, int Version, string Words) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.rejected";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("version", Number(Version)).AddPersonal("reason", Words);
    }
}

/// <summary>It was given up before anything was set.</summary>
public sealed record RotationCancelled(Instant At, Actor By, RotationSubject Rotation, string Why) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.cancelled";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("how", Why);
    }
}

/// <summary>Somebody had the secret in force tried at its target. Nobody saw it.</summary>
public sealed record LoginTested(Instant At, Actor By, RotationSubject Rotation, string Found) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.login-tested";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("answer", Found);
    }
}

/// <summary>A webhook's receiver reported back.</summary>
public sealed record RotationReported(Instant At, Actor By, RotationSubject Rotation, string Result) : RotationEvent(At, By, Rotation)
{
    /// <inheritdoc/>
    public override string Type => "rotation.reported";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        base.Tell(facts);
        facts.Add("answer", Result);
    }
}
