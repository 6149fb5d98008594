using AccessHive.Core.Kernel;

namespace AccessHive.Web.Features.Shared;

/// <summary>A case of the troubleshooting page: something that doesn't work as somebody expected.</summary>
/// <param name="Key">In the address.</param>
/// <param name="Group">Under which heading it stands.</param>
/// <param name="Question">As the person would say it.</param>
public sealed record TroubleCase(string Key, string Group, string Question)
{
    private const string EmergencyAccess = "Emergency access";
    private const string CheckingOut = "Checking out";
    private const string Secrets = "Passwords and rotation";
    private const string LookingBack = "Looking back";

    /// <summary>Emergency Access is greyed out.</summary>
    public const string NotAvailable = "emergency-not-available";

    /// <summary>The session was over before the work was.</summary>
    public const string Expired = "session-expired";

    /// <summary>Nobody decided in time.</summary>
    public const string NotApproved = "not-approved-in-time";

    /// <summary>Somebody took the session away.</summary>
    public const string Revoked = "session-revoked";

    /// <summary>Too many requests or sessions.</summary>
    public const string Limits = "too-many";

    /// <summary>Check out is greyed out or refused.</summary>
    public const string CannotCheckOut = "cannot-check-out";

    /// <summary>A request waits and waits.</summary>
    public const string Waiting = "request-waits";

    /// <summary>No extension.</summary>
    public const string CannotExtend = "cannot-extend";

    /// <summary>The secret is gone from the screen.</summary>
    public const string Hidden = "secret-hidden";

    /// <summary>The secret that was shown doesn't log in.</summary>
    public const string DoesNotLogIn = "does-not-log-in";

    /// <summary>A rotation is stuck.</summary>
    public const string RotationStuck = "rotation-stuck";

    /// <summary>A case of an emergency does not close.</summary>
    public const string CaseStaysOpen = "case-stays-open";

    /// <summary>Every case, in the order of the page.</summary>
    public static IReadOnlyList<TroubleCase> All { get; } =
    [
        new(NotAvailable, EmergencyAccess, "Emergency Access isn't available to me"),
        new(Expired, EmergencyAccess, "The session expired before I finished"),
        new(NotApproved, EmergencyAccess, "My request was not approved in time"),
        new(Revoked, EmergencyAccess, "My session was taken away"),
        new(Limits, EmergencyAccess, "I can't ask again: too many requests or sessions"),
        new(CannotCheckOut, CheckingOut, "I can't check out this identity"),
        new(Waiting, CheckingOut, "My request is waiting and nobody decides"),
        new(CannotExtend, CheckingOut, "I can't extend my session"),
        new(Hidden, Secrets, "The password disappeared from my screen"),
        new(DoesNotLogIn, Secrets, "The password I was shown doesn't log in"),
        new(RotationStuck, Secrets, "A rotation doesn't finish"),
        new(CaseStaysOpen, LookingBack, "The case of an emergency stays open"),
    ];

    /// <summary>The case with this key; none, if there is no such case.</summary>
    public static TroubleCase? Find(string? key) => All.FirstOrDefault(c => c.Key == key);

    /// <summary>The case that explains a refusal further; none, where its sentence says it all.</summary>
    public static TroubleCase? Of(Refusal refusal) => Find(refusal.Code switch
    {
        "not-eligible" or "no-longer-eligible" or "requester-not-eligible" => NotAvailable,
        "session-over" => Expired,
        "window-closed" => NotApproved,
        "too-many-sessions" or "too-many-requests" => Limits,
        "auditor-holds-nothing" or "already-pending" or "already-running" or "archived" => CannotCheckOut,
        "not-on-the-list" or "senior-needed" => Waiting,
        "not-reviewer" or "own-case" or "decided-case" or "case-not-over" => CaseStaysOpen,
        "emergency-not-extended" or "already-extended" or "extension-not-offered" => CannotExtend,
        _ => null,
    });

    /// <summary>Where it is explained.</summary>
    /// <param name="identity">The identity somebody asks about, if there is one.</param>
    public string Href(IdentityId? identity = null) => identity is null ? $"troubleshooting/{Key}" : $"troubleshooting/{Key}?identity={identity}";
}
