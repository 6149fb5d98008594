namespace AccessHive.Core.Connectors;

/// <summary>What a person reads when a target did not say yes: fixed sentences, so that nothing of the target gets into them.</summary>
internal static class Replies
{
    public static TargetReply WrongLogin { get; } = No("The target does not accept the password for this account.");

    public static TargetReply ChangeRefused { get; } = No("The target refuses the new password, or does not let the account change its own.");

    public static TargetReply NotTypable { get; } = No("The new password has characters other than printable ASCII, which this way of changing it can't carry.");

    public static TargetReply Unreachable { get; } = Unknown("The target could not be reached.");

    public static TargetReply TooSlow { get; } = Unknown("The target did not answer in time.");

    public static TargetReply Untrusted { get; } = Unknown("Whoever answered did not prove to be the target; no password was sent.");

    public static TargetReply Lost { get; } = Unknown("The target gave no usable answer, or the connection was lost before it came.");

    public static TargetReply No(string problem) => new(TargetAnswer.No, problem);

    public static TargetReply Unknown(string problem) => new(TargetAnswer.Unknown, problem);
}
