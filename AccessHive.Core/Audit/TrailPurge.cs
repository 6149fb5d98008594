using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Audit;

/// <summary>
/// The removal of the oldest entries, from the first to <see cref="Until"/>: one person asks, the product exports and
/// verifies, another confirms (product.md, "trail kept: for ever; purge from 12 months on, two people").
/// </summary>
public sealed class TrailPurge : Aggregate
{
    /// <summary>Most characters of a reason.</summary>
    public const int ReasonLength = 500;

    /// <summary>A purge ends at a multiple of this, so that the subtrees that are kept suffice for all later proofs.</summary>
    public const int Step = 256;

    /// <summary>Only what is older than this many months may go.</summary>
    public const int MonthsKept = 12;

    private TrailPurge()
    {
    }

    /// <summary>In the order they were asked for.</summary>
    public long Id { get; private set; }

    /// <summary>The last entry that goes.</summary>
    public long Until { get; private set; }

    /// <summary>The first entry that goes: everything before went earlier.</summary>
    public long First { get; private set; }

    /// <summary>Who asked for it.</summary>
    public PersonId AskedBy { get; private set; }

    /// <summary>When.</summary>
    public Instant AskedAt { get; private set; }

    /// <summary>Why.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>The root of the tree over the entries up to <see cref="Until"/>.</summary>
    public byte[] Root { get; private set; } = [];

    /// <summary>The name of the exported file in the archive folder.</summary>
    public string File { get; private set; } = "";

    /// <summary>SHA-256 of that file.</summary>
    public byte[] Sha256 { get; private set; } = [];

    /// <summary>Its length.</summary>
    public long Bytes { get; private set; }

    /// <summary>Who confirmed it: never who asked.</summary>
    public PersonId? ConfirmedBy { get; private set; }

    /// <summary>When; entries go in the same transaction.</summary>
    public Instant? ConfirmedAt { get; private set; }

    /// <summary>When the entries were gone.</summary>
    public Instant? DoneAt { get; private set; }

    /// <summary>When it was given up instead.</summary>
    public Instant? WithdrawnAt { get; private set; }

    /// <summary>Whether it waits for the second person.</summary>
    public bool IsOpen => DoneAt is null && WithdrawnAt is null;
}

/// <summary>Somebody asked for the oldest entries to be purged; the export is written and verified.</summary>
public sealed record TrailPurgeAsked(Instant At, Actor By, long First, long Until, byte[] Sha256, string Reason) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "trail.purge-asked";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("first", First.ToString(CultureInfo.InvariantCulture))
        .Add("until", Until.ToString(CultureInfo.InvariantCulture))
        .Add("sha256", Convert.ToHexStringLower(Sha256))
        .AddPersonal("reason", Reason);
}

/// <summary>It was given up.</summary>
public sealed record TrailPurgeWithdrawn(Instant At, Actor By, PersonId AskedBy, long Until) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "trail.purge-withdrawn";

    /// <inheritdoc/>
    public override Subject About => new(Person: AskedBy);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("until", Until.ToString(CultureInfo.InvariantCulture));
}

/// <summary>
/// The oldest entries are gone. The verifier accepts a trail that begins after <paramref name="Until"/> only with this
/// entry, and only when the kept subtrees make the root it names.
/// </summary>
/// <param name="At">When.</param>
/// <param name="By">Who confirmed it.</param>
/// <param name="AskedBy">Who asked for it.</param>
/// <param name="First">The first entry that went.</param>
/// <param name="Until">The last one.</param>
/// <param name="Root">The root of the tree over entries 1 to <paramref name="Until"/>.</param>
/// <param name="Sha256">The exported file.</param>
public sealed record TrailPurged(Instant At, Actor By, PersonId AskedBy, long First, long Until, byte[] Root, byte[] Sha256) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "trail.purged";

    /// <inheritdoc/>
    public override Subject About => new(Person: AskedBy);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("first", First.ToString(CultureInfo.InvariantCulture))
        .Add("until", Until.ToString(CultureInfo.InvariantCulture))
        .Add("root", Convert.ToHexStringLower(Root))
        .Add("sha256", Convert.ToHexStringLower(Sha256));
}

/// <summary>
/// Personal facts beside these entries are gone. The verifier accepts a missing note only of an entry that such an entry
/// names.
/// </summary>
/// <param name="At">When.</param>
/// <param name="By">Who did it.</param>
/// <param name="Person">The person it was done for, or null.</param>
/// <param name="Entries">Their numbers, ascending: <c>7,12-15</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record TrailErased(Instant At, Actor By, PersonId? Person, string Entries, string Reason) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "trail.erased";

    /// <inheritdoc/>
    public override Subject About => new(Person: Person);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("entries", Entries).AddPersonal("reason", Reason);
}
