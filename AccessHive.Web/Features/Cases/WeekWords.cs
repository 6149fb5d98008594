using System.Globalization;
using AccessHive.Core.Cases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Web.Features.Shared;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Web.Features.Cases;

/// <summary>Weeks in words.</summary>
public static class WeekWords
{
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("d MMM");
    private static readonly LocalDatePattern DayAndYear = LocalDatePattern.CreateWithInvariantCulture("d MMM uuuu");

    /// <summary>"Week 48 of 2026".</summary>
    public static string Title(ReviewWeek week) => string.Create(CultureInfo.InvariantCulture, $"Week {week.Week} of {week.Year}");

    /// <summary>"23 – 29 Nov 2026".</summary>
    public static string Range(ReviewWeek week)
    {
        var (from, until) = (week.Monday, week.Sunday);
        var begin = from.Month == until.Month ? from.Day.ToString(CultureInfo.InvariantCulture) : from.Year == until.Year ? Day.Format(from) : DayAndYear.Format(from);
        return $"{begin} – {DayAndYear.Format(until)}";
    }

    /// <summary>"No emergency", "1 emergency", "4 emergencies".</summary>
    public static string Emergencies(int count) => count switch
    {
        0 => "No emergency",
        1 => "1 emergency",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} emergencies"),
    };

    /// <summary>What became of the request.</summary>
    public static string Decision(WeekEmergency it) => it.State switch
    {
        RequestState.Approved when it.DecidedBy is { } by => $"Approved by {by}{After(it)}",
        RequestState.Approved => "Granted at once",
        RequestState.Denied => $"Denied by {it.DecidedBy ?? "somebody"}{After(it)}",
        RequestState.Withdrawn => "Withdrawn",
        RequestState.Lapsed => "Lapsed: nobody decided in time",
        _ => "Waits for a decision",
    };

    /// <summary>How the session ended; nothing, when there was none.</summary>
    public static string? Ended(WeekEmergency it)
    {
        if (it is not { StartedAt: { } started, PlannedEnd: { } planned })
            return null;
        var granted = Minutes(planned - started);
        return it.EndedAt is not { } ended
            ? $"Runs, for {granted}"
            : it.EndReason switch
            {
                EndReason.Expired => $"Ran out after {Minutes(ended - started)}",
                EndReason.Revoked => $"Revoked after {Minutes(ended - started)} of {granted}",
                _ => $"Ended by its holder after {Minutes(ended - started)} of {granted}",
            };
    }

    /// <summary>"nothing looked at", "3 looks".</summary>
    public static string Looks(int reveals) => reveals switch
    {
        0 => "nothing looked at",
        1 => "1 look",
        _ => string.Create(CultureInfo.InvariantCulture, $"{reveals} looks"),
    };

    /// <summary>The gate of the rotation.</summary>
    public static string Rotated(Gate gate) => gate.Reason switch
    {
        GateReason.NothingSeen => "Nothing to rotate",
        GateReason.Replaced => "Rotated",
        GateReason.AccountClosed => "Account closed",
        GateReason.StillInForce => "Not rotated yet",
        GateReason.OutOfUse => "Out of use, to be closed",
        _ => "Not over yet",
    };

    /// <summary>The gate of the review.</summary>
    public static string Reviewed(WeekEmergency it) => it.Gates.Reviewed.Reason switch
    {
        GateReason.Reviewed => $"{(it.Verdict is { } verdict ? Verdict(verdict) : "Reviewed")}, by {it.Reviewer ?? "somebody"}",
        GateReason.ReviewOverdue => "Review overdue",
        GateReason.ReviewDue => "Review due",
        _ => "Not over yet",
    };

    /// <summary>A verdict in words.</summary>
    public static string Verdict(CaseVerdict verdict) => verdict switch
    {
        CaseVerdict.Genuine => "Genuine",
        CaseVerdict.PlannedDrill => "Planned drill",
        CaseVerdict.PolicyGap => "Policy gap",
        _ => "Misuse",
    };

    /// <summary>How a gate is coloured.</summary>
    public static string Tone(Gate gate) => gate switch
    {
        { State: GateState.Closed } => "is-success",
        { Reason: GateReason.ReviewOverdue } => "is-danger",
        { State: GateState.Due } => "is-warn",
        _ => "is-outline",
    };

    /// <summary>"40 s", "12 min", "3 h 5 min".</summary>
    public static string Lasting(Duration duration)
    {
        var seconds = (long)Math.Round(duration.TotalSeconds);
        return seconds switch
        {
            < 60 => $"{seconds} s",
            < 3600 => $"{seconds / 60} min",
            _ => seconds / 60 % 60 == 0 ? $"{seconds / 3600} h" : $"{seconds / 3600} h {seconds / 60 % 60} min",
        };
    }

    private static string After(WeekEmergency it) => it.ClosedAt is { } at ? $" after {Lasting(at - it.RaisedAt)}" : "";

    private static string Minutes(Duration duration) => duration < Duration.FromMinutes(1) ? Lasting(duration) : $"{(long)duration.TotalMinutes} min";
}
