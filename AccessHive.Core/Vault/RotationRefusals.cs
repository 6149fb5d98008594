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

    /// <summary>No such rotation, or not for these eyes.</summary>
    public static readonly Refusal RotationNotFound = new("rotation-not-found");

    /// <summary>It is done or cancelled.</summary>
    public static readonly Refusal RotationOver = new("rotation-over");

    /// <summary>The credential has one that is open already.</summary>
    public static readonly Refusal RotationOpenAlready = new("rotation-open-already");

    /// <summary>AccessHive works on it by itself, or it has begun already.</summary>
    public static readonly Refusal RotationUnderWay = new("rotation-under-way");

    /// <summary>A person does it, so there is nothing to try again.</summary>
    public static readonly Refusal RotationByHand = new("rotation-by-hand");

    /// <summary>The target may have the new secret already.</summary>
    public static readonly Refusal RotationSetAlready = new("rotation-set-already");

    /// <summary>Nobody has entered a new secret.</summary>
    public static readonly Refusal NothingEntered = new("nothing-entered");

    /// <summary>Who entered the new secret can't confirm it.</summary>
    public static readonly Refusal OwnEntry = new("own-entry");

    /// <summary>Who confirms has to look at the new secret first, to try it.</summary>
    public static readonly Refusal NotLooked = new("not-looked");

    /// <summary>What did not work, in 1 to 500 characters.</summary>
    public static readonly Refusal RejectionWordsMissing = new("rejection-words-missing");

    /// <summary>The new secret is the current one, or the one before.</summary>
    public static readonly Refusal SecretSameAsBefore = new("secret-same-as-before");

    /// <summary>Nothing of theirs is exposed.</summary>
    public static readonly Refusal NothingSeen = new("nothing-seen");

    /// <summary>A person changes this one, so there is no target that could be asked.</summary>
    public static readonly Refusal NoTarget = new("no-target");

    /// <summary>A signing key of 32 to 200 bytes is needed.</summary>
    public static readonly Refusal SigningKeyTooShort = new("signing-key-too-short");
}
