using AccessHive.Core.Kernel;

namespace AccessHive.Core.Agency;

/// <summary>Why Agency says no.</summary>
public static class AgencyRefusals
{
    /// <summary>The caller doesn't exist, has not joined or is disabled.</summary>
    public static readonly Refusal CallerNotActive = new("caller-not-active");

    /// <summary>Only Owner and Admin manage people.</summary>
    public static readonly Refusal NotPeopleManager = new("not-people-manager");

    /// <summary>A name of 1 to 100 characters is needed.</summary>
    public static readonly Refusal NameMissing = new("name-missing");

    /// <summary>That is no e-mail address.</summary>
    public static readonly Refusal EmailInvalid = new("email-invalid");

    /// <summary>Somebody has that address already.</summary>
    public static readonly Refusal EmailTaken = new("email-taken");

    /// <summary>At least one role is needed.</summary>
    public static readonly Refusal RoleMissing = new("role-missing");

    /// <summary>Only an Owner makes, changes or disables an Owner.</summary>
    public static readonly Refusal OwnerOnlyByOwner = new("owner-only-by-owner");

    /// <summary>The last active owner can be neither demoted nor disabled.</summary>
    public static readonly Refusal LastOwner = new("last-owner");

    /// <summary>The person is disabled.</summary>
    public static readonly Refusal PersonDisabled = new("person-disabled");

    /// <summary>The person is not disabled.</summary>
    public static readonly Refusal NotDisabled = new("not-disabled");

    /// <summary>The invitation was accepted before.</summary>
    public static readonly Refusal AlreadyJoined = new("already-joined");

    /// <summary>No such person.</summary>
    public static readonly Refusal PersonNotFound = new("person-not-found");

    /// <summary>The link is unknown, used or too old.</summary>
    public static readonly Refusal LinkNotValid = new("link-not-valid");

    /// <summary>The password doesn't meet the rule; fact <c>why</c> says how.</summary>
    public static readonly Refusal PasswordTooWeak = new("password-too-weak");

    /// <summary>Only Owner and Admin edit the agency's settings.</summary>
    public static readonly Refusal NotSettingsEditor = new("not-settings-editor");

    /// <summary>Somebody else saved while the editor was typing.</summary>
    public static readonly Refusal AgencyChangedMeanwhile = new("agency-changed-meanwhile");

    /// <summary>No zone of the IANA list.</summary>
    public static readonly Refusal ZoneUnknown = new("zone-unknown");

    /// <summary>A working day ends before it begins.</summary>
    public static readonly Refusal WorkingHoursInvalid = new("working-hours-invalid");

    /// <summary>The weekly review needs a weekday and a time of day.</summary>
    public static readonly Refusal ReviewTimeInvalid = new("review-time-invalid");

    /// <summary>24 to 168 whole hours.</summary>
    public static readonly Refusal ReviewDueOutOfRange = new("review-due-out-of-range");
}
