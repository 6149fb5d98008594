using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using NodaTime;

namespace AccessHive.Web.Features.Shared;

/// <summary>Categories, states and durations as people say them.</summary>
public static class ReasonWords
{
    /// <summary>A reason category.</summary>
    public static string For(ReasonCategory category) => category switch
    {
        ReasonCategory.CompromisedAccount => "Compromised account",
        ReasonCategory.Outage => "Outage",
        ReasonCategory.UrgentLaunch => "Urgent launch",
        ReasonCategory.Lockout => "Locked out",
        ReasonCategory.ClientEscalation => "Client escalation",
        ReasonCategory.Other => "Something else",
        _ => category.ToString(),
    };

    /// <summary>Where a request stands.</summary>
    public static string For(RequestState state) => state switch
    {
        RequestState.Pending => "Waiting",
        RequestState.Approved => "Approved",
        RequestState.Denied => "Denied",
        RequestState.Withdrawn => "Withdrawn",
        RequestState.Lapsed => "Lapsed",
        _ => state.ToString(),
    };

    /// <summary>Where a request stands, when it may have been turned into an emergency.</summary>
    public static string For(RequestState state, bool turned) => turned ? "Became an emergency" : For(state);

    /// <summary>Why a session is over.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="emergency">Whether it belonged to an emergency; a checkout is checked in.</param>
    public static string For(EndReason reason, bool emergency) => reason switch
    {
        EndReason.Expired => "Expired",
        EndReason.EndedByHolder => emergency ? "Ended early" : "Checked in",
        EndReason.Revoked => "Revoked",
        _ => reason.ToString(),
    };

    /// <summary>"45 min", "1 h", "1 h 30 min".</summary>
    public static string Minutes(Duration duration)
    {
        var minutes = (long)Math.Round(duration.TotalMinutes);
        return (minutes / 60, minutes % 60) switch
        {
            (0, _) => $"{minutes} min",
            (var hours, 0) => $"{hours} h",
            var (hours, rest) => $"{hours} h {rest} min",
        };
    }

    /// <summary>"15 min", "24 h", "3 days".</summary>
    public static string Window(Duration duration)
        => duration >= Duration.FromDays(2) && duration == Duration.FromDays((long)duration.TotalDays) ? $"{(long)duration.TotalDays} days" : Minutes(duration);

    /// <summary>"Priya", "Priya or Adam", "Priya, Adam or Olivia", "Priya, Adam, Olivia or 4 others".</summary>
    public static string AnyOf(IReadOnlyList<string> names) => names switch
    {
        [] => "",
        [var one] => one,
        { Count: <= 4 } => $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}",
        _ => $"{string.Join(", ", names.Take(3))} or {names.Count - 3} others",
    };

    /// <summary>The chip class of a request's state.</summary>
    /// <param name="state">Where it stands.</param>
    /// <param name="emergency">Whether it belongs to an emergency, whose colour is used for nothing else.</param>
    public static string Chip(RequestState state, bool emergency) => state switch
    {
        RequestState.Pending => emergency ? "is-emergency is-live" : "is-info",
        RequestState.Approved => "is-success",
        RequestState.Denied => "is-danger",
        RequestState.Withdrawn => "",
        RequestState.Lapsed => "is-warn",
        _ => "",
    };
}
