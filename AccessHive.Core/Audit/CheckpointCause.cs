namespace AccessHive.Core.Audit;

/// <summary>Why a checkpoint was made, as it is stored.</summary>
public static class CheckpointCause
{
    /// <summary>An emergency event was recorded: at once.</summary>
    public const string Emergency = "emergency";

    /// <summary>Entries had been waiting for 60 seconds.</summary>
    public const string Changes = "changes";

    /// <summary>Nothing had happened for an hour.</summary>
    public const string Idle = "idle";

    /// <summary>The product started.</summary>
    public const string Start = "start";

    /// <summary>The product stopped.</summary>
    public const string Stop = "stop";

    /// <summary>Somebody takes entries out that are to be verified.</summary>
    public const string Export = "export";

    /// <summary>A new day's key took over.</summary>
    public const string Key = "key";
}
