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

    /// <summary>Who may ask.</summary>
    public const Roles MayAsk = RolePermissions.SettingsEditors;

    /// <summary>Who may confirm, and give up.</summary>
    public const Roles MayConfirm = RolePermissions.Reviewers;

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

    /// <summary>Asks for it.</summary>
    /// <param name="part">What goes, and the file it was exported to.</param>
    /// <param name="reason">Why, 3 to 500 characters after trimming.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="now">When.</param>
    /// <returns>The purge; or <c>purge-not-allowed</c>, <c>purge-reason-missing</c>.</returns>
    public static Result<TrailPurge> Ask(PurgedPart part, string reason, Actor by, Instant now)
    {
        if (!by.Has(MayAsk))
            return PurgeRefusals.NotAllowed;
        if (PurgeRefusals.ReasonOf(reason) is not { } why)
            return PurgeRefusals.ReasonMissing;
        var purge = new TrailPurge
        {
            First = part.First,
            Until = part.Until,
            Root = part.Root,
            File = part.File,
            Sha256 = part.Sha256,
            Bytes = part.Bytes,
            AskedBy = by.Id!.Value,
            AskedAt = now,
            Reason = why,
        };
        purge.Raise(new TrailPurgeAsked(now, by, part.First, part.Until, part.Sha256, why));
        return purge;
    }

    /// <summary>Confirms it. The entry is written now, the entries go in the same transaction, then <see cref="Finish"/>.</summary>
    /// <param name="sha256">What the exported file is now.</param>
    /// <param name="by">Who confirms.</param>
    /// <param name="now">When.</param>
    /// <returns>Done; or <c>purge-not-confirmer</c>, <c>purge-over</c>, <c>purge-own</c>, <c>purge-file-changed</c>.</returns>
    public Result<Done> Confirm(ReadOnlySpan<byte> sha256, Actor by, Instant now)
    {
        if (!by.Has(MayConfirm))
            return PurgeRefusals.NotConfirmer;
        if (!IsOpen || ConfirmedAt is not null)
            return PurgeRefusals.Over;
        if (by.Id == AskedBy)
            return PurgeRefusals.Own;
        if (!sha256.SequenceEqual(Sha256))
            return PurgeRefusals.FileChanged.With("file", File);
        (ConfirmedBy, ConfirmedAt) = (by.Id, now);
        Raise(new TrailPurged(now, by, AskedBy, First, Until, Root, Sha256));
        return Done.Yes;
    }

    /// <summary>The entries are gone.</summary>
    internal void Finish(Instant now) => DoneAt = now;

    /// <summary>Gives it up. The exported file stays.</summary>
    /// <returns>Done; or <c>purge-not-confirmer</c>, <c>purge-over</c>.</returns>
    public Result<Done> Withdraw(Actor by, Instant now)
    {
        if (!by.Has(MayConfirm))
            return PurgeRefusals.NotConfirmer;
        if (!IsOpen)
            return PurgeRefusals.Over;
        WithdrawnAt = now;
        Raise(new TrailPurgeWithdrawn(now, by, AskedBy, Until));
        return Done.Yes;
    }
}

/// <summary>What is to be purged, after it was exported and the export was verified.</summary>
/// <param name="First">The first entry.</param>
/// <param name="Until">The last one, a multiple of <see cref="TrailPurge.Step"/>.</param>
/// <param name="Root">The root of the tree over entries 1 to <paramref name="Until"/>.</param>
/// <param name="File">The name of the exported file.</param>
/// <param name="Sha256">Its hash.</param>
/// <param name="Bytes">Its length.</param>
public sealed record PurgedPart(long First, long Until, byte[] Root, string File, byte[] Sha256, long Bytes);

/// <summary>Why a purge or an erasure is refused.</summary>
public static class PurgeRefusals
{
    /// <summary>Only Owner and Admin ask.</summary>
    public static readonly Refusal NotAllowed = new("purge-not-allowed");

    /// <summary>Only Owner, Admin and Security Owner confirm or give up.</summary>
    public static readonly Refusal NotConfirmer = new("purge-not-confirmer");

    /// <summary>A reason of 3 to 500 characters is needed.</summary>
    public static readonly Refusal ReasonMissing = new("purge-reason-missing");

    /// <summary>There are no 256 entries that are old enough.</summary>
    public static readonly Refusal NothingOld = new("purge-nothing-old");

    /// <summary>Emergencies of that time are not closed; fact <c>cases</c>.</summary>
    public static readonly Refusal Held = new("purge-held");

    /// <summary>One waits for its second person already.</summary>
    public static readonly Refusal OpenAlready = new("purge-open-already");

    /// <summary>It was done or given up.</summary>
    public static readonly Refusal Over = new("purge-over");

    /// <summary>Whoever asked does not confirm.</summary>
    public static readonly Refusal Own = new("purge-own");

    /// <summary>The exported file is gone or not the one that was verified; fact <c>file</c>.</summary>
    public static readonly Refusal FileChanged = new("purge-file-changed");

    /// <summary>The export could not be written or does not verify; fact <c>file</c>.</summary>
    public static readonly Refusal ExportFailed = new("purge-export-failed");

    /// <summary>Only Owner and Admin erase.</summary>
    public static readonly Refusal EraseNotAllowed = new("erase-not-allowed");

    /// <summary>There is nothing personal left to erase.</summary>
    public static readonly Refusal EraseNothing = new("erase-nothing");

    internal static string? ReasonOf(string reason) => reason.Trim() is { Length: >= 3 and <= TrailPurge.ReasonLength } why ? why : null;
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
