using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Audit;

/// <summary>Where the trail is sent to while it grows.</summary>
/// <param name="Host">Name or address of the receiver; its certificate has to say it.</param>
/// <param name="Port">Its port for syslog over TLS; 6514 is usual.</param>
/// <param name="Authority">The certificates that vouch for it, as PEM; empty for those the machine trusts.</param>
/// <param name="OnlyEmergency">Emergency entries only.</param>
/// <param name="Personal">Whether names and words of people go along; what has left can't be erased there.</param>
/// <param name="IsOn">Whether anything is sent at all.</param>
public sealed record SyslogTarget(string Host, int Port, string Authority, bool OnlyEmergency, bool Personal, bool IsOn)
{
    /// <summary>Most characters of the host.</summary>
    public const int HostLength = 253;

    /// <summary>Most characters of the certificates.</summary>
    public const int AuthorityLength = 16_000;

    /// <summary>The port that RFC 5425 names.</summary>
    public const int UsualPort = 6514;

    /// <summary>Nothing is sent anywhere.</summary>
    public static SyslogTarget Nowhere { get; } = new("", UsualPort, "", OnlyEmergency: false, Personal: false, IsOn: false);

    /// <summary>Checks the values on their own.</summary>
    /// <returns>Nothing when they hold; or <c>syslog-host-missing</c>, <c>target-port-out-of-range</c>, <c>syslog-authority-not-usable</c>.</returns>
    public Refusal? Check()
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown || Host.Length > HostLength)
            return SyslogRefusals.HostMissing;
        if (Port is < 1 or > 65_535)
            return SyslogRefusals.PortOutOfRange;
        return Authority.Length > 0 && Authorities().Count == 0 ? SyslogRefusals.AuthorityNotUsable : null;
    }

    /// <summary>The certificates that vouch for the receiver; none, when there are none to read.</summary>
    public X509Certificate2Collection Authorities()
    {
        var read = new X509Certificate2Collection();
        try
        {
            if (Authority.Length is > 0 and <= AuthorityLength)
                read.ImportFromPem(Authority);
        }
        catch (CryptographicException)
        {
            read.Clear();
        }

        return read;
    }
}

/// <summary>The settings of the live sink. One row.</summary>
public sealed class SyslogSink : Aggregate
{
    private SyslogSink()
    {
    }

    /// <summary>There is one row, and this is its key.</summary>
    public int Id { get; private set; } = 1;

    /// <summary>Where to.</summary>
    public SyslogTarget Target { get; private set; } = SyslogTarget.Nowhere;

    /// <summary>Counts the edits; an edit names the one it was made on.</summary>
    public int Revision { get; private set; }

    /// <summary>When it was last edited.</summary>
    public Instant? EditedAt { get; private set; }

    /// <summary>By whom.</summary>
    public PersonId? EditedBy { get; private set; }

    /// <summary>The sink of a house where nobody ever chose one.</summary>
    public static SyslogSink Unset() => new();

    /// <summary>Saves other settings.</summary>
    /// <param name="by">Who edits, with fresh roles.</param>
    /// <param name="target">All values from now on.</param>
    /// <param name="madeOn">The revision the editor looked at.</param>
    /// <param name="now">The instant of the edit.</param>
    /// <returns>Done; or <c>not-settings-editor</c>, <c>policy-changed-meanwhile</c>, and what <see cref="SyslogTarget.Check"/> refuses where something is to be sent.</returns>
    public Result<Done> Edit(Actor by, SyslogTarget target, int madeOn, Instant now)
    {
        if (!by.Has(RolePermissions.SettingsEditors))
            return SyslogRefusals.NotEditor;
        if (madeOn != Revision)
            return SyslogRefusals.ChangedMeanwhile;
        if ((target.IsOn || target.Host.Length > 0) && target.Check() is { } refusal)
            return refusal;
        if (target == Target)
            return Done.Yes;
        Target = target;
        (Revision, EditedAt, EditedBy) = (Revision + 1, now, by.Id);
        Raise(new SyslogEdited(now, by, target));
        return Done.Yes;
    }
}

/// <summary>How far the live sink has come. Not a setting: it moves on with every batch.</summary>
public sealed class SyslogProgress
{
    /// <summary>There is one row, and this is its key.</summary>
    public int Id { get; set; } = 1;

    /// <summary>Everything up to this entry has been taken by the receiver.</summary>
    public long Sent { get; set; }

    /// <summary>When it last moved on.</summary>
    public Instant? SentAt { get; set; }

    /// <summary>Why it does not get on, as a code; nothing, while it does.</summary>
    public string? Problem { get; set; }

    /// <summary>Since when.</summary>
    public Instant? ProblemAt { get; set; }
}

/// <summary>The settings of the live sink were changed.</summary>
public sealed record SyslogEdited(Instant At, Actor By, SyslogTarget Target) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "trail.syslog-edited";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("on", Target.IsOn ? "yes" : "no")
        .Add("host", Target.Host)
        .Add("port", Target.Port.ToString(CultureInfo.InvariantCulture))
        .Add("entries", Target.OnlyEmergency ? "emergency only" : "all")
        .Add("names and words of people", Target.Personal ? "yes" : "no")
        .Add("vouched for by", Target.Authority.Length == 0 ? "the machine" : string.Join(", ", Target.Authorities().Select(c => c.GetCertHashString(HashAlgorithmName.SHA256)[..16])));
}

/// <summary>Somebody sent a test message to the receiver.</summary>
public sealed record SyslogTested(Instant At, Actor By, string Host, int Port, string? Problem) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "trail.syslog-tested";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("host", Host)
        .Add("port", Port.ToString(CultureInfo.InvariantCulture))
        .Add("answer", Problem ?? "taken");
}

/// <summary>Why settings of the live sink are refused, and why its receiver gets nothing.</summary>
public static class SyslogRefusals
{
    /// <summary>None of the person's roles edits settings.</summary>
    public static readonly Refusal NotEditor = new("not-settings-editor");

    /// <summary>Somebody else saved first.</summary>
    public static readonly Refusal ChangedMeanwhile = new("policy-changed-meanwhile");

    /// <summary>There is no host, or none that could be one.</summary>
    public static readonly Refusal HostMissing = new("syslog-host-missing");

    /// <summary>No such port.</summary>
    public static readonly Refusal PortOutOfRange = new("target-port-out-of-range");

    /// <summary>The certificates can't be read.</summary>
    public static readonly Refusal AuthorityNotUsable = new("syslog-authority-not-usable");

    /// <summary>Nobody answers there.</summary>
    public static readonly Refusal Unreachable = new("syslog-unreachable");

    /// <summary>Who answers can't prove to be the receiver.</summary>
    public static readonly Refusal NotTrusted = new("syslog-not-trusted");

    /// <summary>The receiver hung up.</summary>
    public static readonly Refusal HungUp = new("syslog-hung-up");
}
