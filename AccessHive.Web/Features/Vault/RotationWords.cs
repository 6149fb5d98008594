using System.Globalization;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using NodaTime;

namespace AccessHive.Web.Features.Vault;

/// <summary>What people read about rotations.</summary>
public static class RotationWords
{
    /// <summary>Where a rotation stands.</summary>
    public static string State(RotationRow row) => row switch
    {
        // What is over is over, also while the job that did it still clears up.
        { State: RotationState.Cancelled } => "Cancelled",
        { State: RotationState.Done, ClosedByName: { } by } => $"Confirmed by {by}",
        { State: RotationState.Done } => "Verified by logging in",
        { State: RotationState.Waiting, Holders: [] } => "Waits for a session to end",
        { State: RotationState.Waiting } => $"Waits until {Names(row.Holders)} {(row.Holders.Count == 1 ? "is" : "are")} done",
        { State: RotationState.NeedsPerson } => "Needs a person",
        { WaitsForConfirmation: true } => "To be confirmed",
        { IsTask: true } => "To be changed by hand",
        { IsTrying: true } => "Being changed now",
        { State: RotationState.Ready } => "About to begin",
        { State: RotationState.Stored } => "New password stored, being set",
        { State: RotationState.Set } => "Set, not logged in with yet",
        _ => "Under way",
    };

    /// <summary>The colour of its chip.</summary>
    public static string Tone(RotationRow row) => row switch
    {
        { State: RotationState.NeedsPerson } => "is-danger",
        { IsOverdue: true } => "is-danger",
        { IsTask: true } or { WaitsForConfirmation: true } => "is-warn",
        { State: RotationState.Done } => "is-success",
        { State: RotationState.Cancelled } => "is-outline",
        _ => "is-info",
    };

    /// <summary>Where an open rotation stands, for the credential's own card.</summary>
    public static string State(CredentialExposure exposure) => exposure switch
    {
        { State: RotationState.Waiting } => "waits for a session to end",
        { State: RotationState.NeedsPerson } => "needs a person",
        { State: RotationState.Set, IsByHand: true } => "entered, to be confirmed by somebody else",
        { State: RotationState.Ready, Plan.IsAutomatic: false } => "to be changed by hand",
        _ => "under way",
    };

    /// <summary>Why.</summary>
    public static string Cause(RotationRow row) => row.Cause switch
    {
        RotationCause.SessionEnded => row.Emergency ? "Seen in an emergency" : "Seen in a session",
        RotationCause.PersonLeft => row.PersonName is { } name ? $"Seen by {name}" : "Seen by somebody who left",
        _ => "Asked for",
    };

    /// <summary>By which way.</summary>
    public static string Name(ConnectorKind connector) => connector switch
    {
        ConnectorKind.Manual => "By hand",
        ConnectorKind.Webhook => "Signed webhook",
        ConnectorKind.PostgreSql => "PostgreSQL role",
        ConnectorKind.Ssh => "Account over SSH",
        ConnectorKind.MySql => "MySQL or MariaDB account",
        _ => connector.ToString(),
    };

    /// <summary>What that way means.</summary>
    public static string About(ConnectorKind connector) => connector switch
    {
        ConnectorKind.Manual => "A person changes it at the client's site within 24 hours and enters it here. Somebody else signs in with it and confirms that it works.",
        ConnectorKind.Webhook => "AccessHive sends a signed order to a program of yours, which changes the password and answers. Both passwords travel sealed.",
        ConnectorKind.PostgreSql => "AccessHive signs in as this role and changes its own password. Only a SCRAM verifier reaches the server, so the password is in none of its logs.",
        ConnectorKind.Ssh => "AccessHive signs in to the machine and runs passwd, as the account itself would.",
        ConnectorKind.MySql => "AccessHive signs in as this account and changes its own password.",
        _ => "",
    };

    /// <summary>After which sessions.</summary>
    public static string Name(RotateAfter after) => after switch
    {
        RotateAfter.EverySession => "After every session in which somebody saw it",
        _ => "After emergencies only",
    };

    /// <summary>Whether the way has to be encrypted.</summary>
    public static string Name(TargetEncryption encryption) => encryption switch
    {
        TargetEncryption.Verified => "Encrypted, and the target proves who it is",
        TargetEncryption.Encrypted => "Encrypted, whoever answers",
        _ => "Not encrypted: same machine or private network only",
    };

    /// <summary>"Adam, Mia and Ian".</summary>
    public static string Names(IReadOnlyList<string> names, int most = 3) => names.Count switch
    {
        0 => "somebody",
        1 => names[0],
        _ when names.Count > most => $"{string.Join(", ", names.Take(most))} and {names.Count - most} more",
        _ => $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}",
    };

    /// <summary>"40 s", "3 min", "2 h 5 min", "4 d".</summary>
    public static string Lasted(Duration took) => took switch
    {
        _ when took < Duration.FromMinutes(1) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)took.TotalSeconds)} s"),
        _ when took < Duration.FromHours(1) => string.Create(CultureInfo.InvariantCulture, $"{(int)took.TotalMinutes} min"),
        _ when took < Duration.FromDays(1) => string.Create(CultureInfo.InvariantCulture, $"{(int)took.TotalHours} h {took.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)took.TotalDays} d {took.Hours} h"),
    };
}
