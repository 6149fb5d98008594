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

    /// <summary>Why a session is over.</summary>
    public static string For(EndReason reason) => reason switch
    {
        EndReason.Expired => "Expired",
        EndReason.EndedByHolder => "Ended early",
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

    /// <summary>The chip class of a request's state.</summary>
    public static string Chip(RequestState state) => state switch
    {
        RequestState.Pending => "is-emergency is-live",
        RequestState.Approved => "is-success",
        RequestState.Denied => "is-danger",
        RequestState.Withdrawn => "",
        RequestState.Lapsed => "is-warn",
        _ => "",
    };
}
