using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Cases.Weeks;

/// <summary>What is true of a week when somebody wants to attest it, read in the same transaction.</summary>
/// <param name="Week">Which week.</param>
/// <param name="Span">From when until when it counts.</param>
/// <param name="IsKnown">Whether it is one of the agency's weeks: not before it was founded.</param>
/// <param name="AttestedBy">Who has attested it already.</param>
/// <param name="Emergencies">How many emergencies were raised in it.</param>
/// <param name="Unreviewed">How many of them nobody has reviewed.</param>
/// <param name="OwnUnreviewed">Those among them that whoever attests has raised or approved, by their case's number.</param>
public sealed record WeekStanding(
    ReviewWeek Week, WeekSpan Span, bool IsKnown, string? AttestedBy, int Emergencies, int Unreviewed, IReadOnlyList<long> OwnUnreviewed);

/// <summary>
/// That somebody has looked at a week and answers for it by name (P13; product.md, "What nobody else has", 8). Empty weeks
/// too. It is final: what becomes known of the week afterwards stands beside it as later.
/// </summary>
public sealed class WeekAttestation : Aggregate
{
    /// <summary>Longest text.</summary>
    public const int TextLength = 2000;

    private WeekAttestation()
    {
    }

    /// <summary>The week, as ISO 8601 writes it.</summary>
    public string Week { get; private set; } = "";

    /// <summary>Its first instant, as it was reckoned then.</summary>
    public Instant From { get; private set; }

    /// <summary>The first instant after it.</summary>
    public Instant Until { get; private set; }

    /// <summary>When it was attested.</summary>
    public Instant AttestedAt { get; private set; }

    /// <summary>By whom.</summary>
    public PersonId AttestedBy { get; private set; }

    /// <summary>The name they typed, which is theirs.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What they added.</summary>
    public string Text { get; private set; } = "";

    /// <summary>How many emergencies the week had.</summary>
    public int Emergencies { get; private set; }

    /// <summary>How many of them nobody had reviewed by then.</summary>
    public int Unreviewed { get; private set; }

    /// <summary>
    /// May I attest this week? Only a week that is over, only once, only by my own name – and nobody closes a week over
    /// their own emergency: as long as one that they raised or approved has not been reviewed by somebody else, somebody
    /// else has to attest (P-rule "somebody else").
    /// </summary>
    /// <param name="by">Who attests, with fresh roles.</param>
    /// <param name="typedName">Their name, as they typed it.</param>
    /// <param name="text">What they add, up to 2,000 characters.</param>
    /// <param name="standing">What is true of the week.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>
    /// The attestation; or <c>not-reviewer</c>, <c>week-unknown</c>, <c>week-not-over</c>, <c>week-attested-already</c>, <c>own-emergency-unreviewed</c>,
    /// <c>name-not-yours</c>, <c>attestation-too-long</c>.
    /// </returns>
    public static Result<WeekAttestation> Make(Actor by, string typedName, string text, WeekStanding standing, Instant now)
    {
        if (WhyNot(by, standing, now) is { } refused)
            return refused;
        if (!SameName(typedName, by.Name))
            return WeekRefusals.NameNotYours;
        if (text.Trim().Length > TextLength)
            return WeekRefusals.AttestationTooLong;

        var attestation = new WeekAttestation
        {
            Week = standing.Week.ToString(),
            From = standing.Span.From,
            Until = standing.Span.Until,
            AttestedAt = now,
            AttestedBy = by.Id!.Value,
            Name = by.Name,
            Text = text.Trim(),
            Emergencies = standing.Emergencies,
            Unreviewed = standing.Unreviewed,
        };
        attestation.Raise(new WeekAttested(now, by, standing, attestation.Text));
        return attestation;
    }

    /// <summary>Why this person can't attest this week now, whatever they type.</summary>
    /// <returns>Nothing when they can; or <c>not-reviewer</c>, <c>week-unknown</c>, <c>week-not-over</c>, <c>week-attested-already</c>, <c>own-emergency-unreviewed</c>.</returns>
    public static Refusal? WhyNot(Actor by, WeekStanding standing, Instant now)
    {
        if (by.Id is null || !by.Has(RolePermissions.Reviewers))
            return WeekRefusals.NotReviewer;
        if (!standing.IsKnown)
            return WeekRefusals.WeekUnknown;
        if (now < standing.Span.Until)
            return WeekRefusals.WeekNotOver;
        if (standing.AttestedBy is { } name)
            return WeekRefusals.AttestedAlready.With("by", name);
        return standing.OwnUnreviewed.Count > 0
            ? WeekRefusals.OwnEmergencyUnreviewed.With("cases", string.Join(", ", standing.OwnUnreviewed.Select(n => string.Create(CultureInfo.InvariantCulture, $"case {n}"))))
            : null;
    }

    private static bool SameName(string typed, string name) => string.Equals(Normal(typed), Normal(name), StringComparison.OrdinalIgnoreCase);

    private static string Normal(string text) => string.Join(' ', text.Normalize().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>Somebody answers for a week.</summary>
public sealed record WeekAttested(Instant At, Actor By, WeekStanding Standing, string Text) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "week.attested";

    /// <inheritdoc/>
    public override bool Emergency => true;

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("week", Standing.Week.ToString())
        .Add("from", Standing.Span.From)
        .Add("until", Standing.Span.Until)
        .Add("emergencies", Standing.Emergencies.ToString(CultureInfo.InvariantCulture))
        .Add("not reviewed", Standing.Unreviewed.ToString(CultureInfo.InvariantCulture))
        .AddPersonal("attestation", Text);
}

/// <summary>Why a week can't be attested.</summary>
public static class WeekRefusals
{
    /// <summary>Only Owner, Admin and Security Owner review.</summary>
    public static readonly Refusal NotReviewer = new("not-week-reviewer");

    /// <summary>No such week, or one before the agency was founded.</summary>
    public static readonly Refusal WeekUnknown = new("week-unknown");

    /// <summary>Only past weeks are attested.</summary>
    public static readonly Refusal WeekNotOver = new("week-not-over");

    /// <summary>Somebody was faster, and it is final; fact <c>by</c>.</summary>
    public static readonly Refusal AttestedAlready = new("week-attested-already");

    /// <summary>They raised or approved an emergency of this week that nobody has reviewed; fact <c>cases</c>.</summary>
    public static readonly Refusal OwnEmergencyUnreviewed = new("own-emergency-unreviewed");

    /// <summary>The typed name is not their own.</summary>
    public static readonly Refusal NameNotYours = new("name-not-yours");

    /// <summary>More than 2,000 characters.</summary>
    public static readonly Refusal AttestationTooLong = new("attestation-too-long");
}
