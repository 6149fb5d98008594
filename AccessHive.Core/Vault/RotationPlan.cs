using AccessHive.Core.Kernel;

namespace AccessHive.Core.Vault;

/// <summary>How a secret is changed at the other side.</summary>
public enum ConnectorKind
{
    /// <summary>By a person, and confirmed by another: for sites without an interface.</summary>
    Manual,

    /// <summary>By a program of the agency that is told over a signed webhook.</summary>
    Webhook,

    /// <summary>The password of a PostgreSQL role.</summary>
    PostgreSql,

    /// <summary>The password of an account on a machine that is reached by SSH.</summary>
    Ssh,

    /// <summary>The password of a MariaDB account. MySQL itself says no: it is reached by a webhook.</summary>
    MySql,
}

/// <summary>Which sessions a rotation follows, once the last one on the credential is over and somebody saw the secret in it.</summary>
public enum RotateAfter
{
    /// <summary>Every session, checkout or emergency.</summary>
    EverySession,

    /// <summary>Emergency sessions only; after a checkout the credential stays exposed until somebody rotates it.</summary>
    EmergencySessions,
}

/// <summary>Whether the way to the target has to be encrypted.</summary>
public enum TargetEncryption
{
    /// <summary>Encrypted, and the target proves who it is.</summary>
    Verified,

    /// <summary>Encrypted, whoever answers.</summary>
    Encrypted,

    /// <summary>In the clear: for a target on the same machine or inside a private network.</summary>
    None,
}

/// <summary>What a new password is made of, as far as the target allows it.</summary>
/// <param name="Length">12 to 128 characters.</param>
/// <param name="Symbols">Which characters besides letters and digits may appear; up to 32, none if empty.</param>
public sealed record PasswordShape(int Length, string Symbols)
{
    /// <summary>Shortest password that is made.</summary>
    public const int Shortest = 12;

    /// <summary>Longest password that is made.</summary>
    public const int Longest = 128;

    /// <summary>Most symbols that can be named.</summary>
    public const int MostSymbols = 32;

    /// <summary>What is used unless somebody chooses otherwise: 24 characters, with symbols that no target trips over.</summary>
    public static PasswordShape Usual { get; } = new(24, "-_.+=");

    /// <summary>Checks the values.</summary>
    /// <returns>Nothing when they hold; or <c>password-length-out-of-range</c>, <c>password-symbols-not-usable</c>.</returns>
    public Refusal? Check()
    {
        if (Length is < Shortest or > Longest)
            return RotationRefusals.PasswordLengthOutOfRange;
        return Symbols.Length > MostSymbols || Symbols.Any(c => c is <= ' ' or > '~' || char.IsAsciiLetterOrDigit(c)) ? RotationRefusals.PasswordSymbolsNotUsable : null;
    }
}

/// <summary>How, where and after what a credential's secret is changed. Nothing in it is secret.</summary>
/// <param name="Connector">By which way.</param>
/// <param name="After">After which sessions.</param>
/// <param name="Host">The target's name or address; for a webhook its URL. Up to 500 characters.</param>
/// <param name="Port">The target's port; 0 means the usual one.</param>
/// <param name="Database">The database to sign in to, where there is one; up to 128 characters.</param>
/// <param name="Encryption">Whether the way has to be encrypted.</param>
/// <param name="HostKey">SSH: the fingerprint of the host key, as <c>SHA256:…</c>; up to 200 characters.</param>
/// <param name="Instructions">Manual: where and how it is changed; up to 2,000 characters.</param>
public sealed record RotationPlan(
    ConnectorKind Connector, RotateAfter After, string Host, int Port, string Database, TargetEncryption Encryption, string HostKey, string Instructions)
{
    /// <summary>What a new password is made of.</summary>
    public PasswordShape Shape { get; init; } = PasswordShape.Usual;

    /// <summary>Longest host or URL.</summary>
    public const int HostLength = 500;

    /// <summary>Longest database name.</summary>
    public const int DatabaseLength = 128;

    /// <summary>Longest fingerprint.</summary>
    public const int HostKeyLength = 200;

    /// <summary>Longest instructions.</summary>
    public const int InstructionsLength = 2000;

    /// <summary>What a new credential starts with: a person changes it, after an emergency.</summary>
    public static RotationPlan Usual { get; } =
        new(ConnectorKind.Manual, RotateAfter.EmergencySessions, "", 0, "", TargetEncryption.Verified, "", "");

    /// <summary>Whether AccessHive changes the secret itself.</summary>
    public bool IsAutomatic => Connector != ConnectorKind.Manual;

    /// <summary>The same without white space around it.</summary>
    public RotationPlan Trimmed() => this with { Host = Host.Trim(), Database = Database.Trim(), HostKey = HostKey.Trim(), Instructions = Instructions.Trim() };

    /// <summary>Checks the values on their own.</summary>
    /// <returns>
    /// Nothing when they hold; or <c>target-missing</c>, <c>target-port-out-of-range</c>, <c>webhook-address-not-usable</c>, <c>host-key-missing</c>,
    /// <c>text-too-long</c>, <c>password-length-out-of-range</c>, <c>password-symbols-not-usable</c>.
    /// </returns>
    public Refusal? Check()
    {
        if (Host.Length > HostLength || Database.Length > DatabaseLength || HostKey.Length > HostKeyLength || Instructions.Length > InstructionsLength)
            return VaultRefusals.TextTooLong;
        if (IsAutomatic && Host.Length == 0)
            return RotationRefusals.TargetMissing;
        if (Port is < 0 or > 65535)
            return RotationRefusals.TargetPortOutOfRange;
        if (Connector == ConnectorKind.Webhook && !(Uri.TryCreate(Host, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            return RotationRefusals.WebhookAddressNotUsable;
        if (Connector == ConnectorKind.Ssh && HostKey.Length == 0)
            return RotationRefusals.HostKeyMissing;
        return Shape.Check();
    }
}
