using AccessHive.Core.Kernel;

namespace AccessHive.Core.Vault;

/// <summary>Why rotation says no.</summary>
public static class RotationRefusals
{
    /// <summary>12 to 128 characters.</summary>
    public static readonly Refusal PasswordLengthOutOfRange = new("password-length-out-of-range");

    /// <summary>Only printable ASCII that is neither letter nor digit, at most 32 of them.</summary>
    public static readonly Refusal PasswordSymbolsNotUsable = new("password-symbols-not-usable");

    /// <summary>An automatic rotation needs to know where.</summary>
    public static readonly Refusal TargetMissing = new("target-missing");

    /// <summary>0 to 65,535.</summary>
    public static readonly Refusal TargetPortOutOfRange = new("target-port-out-of-range");

    /// <summary>A webhook needs an http or https address.</summary>
    public static readonly Refusal WebhookAddressNotUsable = new("webhook-address-not-usable");

    /// <summary>SSH needs the fingerprint of the host key, so that nobody else can answer.</summary>
    public static readonly Refusal HostKeyMissing = new("host-key-missing");
}
