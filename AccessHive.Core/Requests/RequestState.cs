namespace AccessHive.Core.Requests;

/// <summary>Which way a request goes.</summary>
public enum RequestKind
{
    /// <summary>Through the approval policy.</summary>
    Standard,

    /// <summary>Round it: break-glass.</summary>
    Emergency,
}

/// <summary>Where a request stands. All but <see cref="Pending"/> are final.</summary>
public enum RequestState
{
    /// <summary>Waiting for a decision, until <see cref="AccessRequest.DecideBy"/>.</summary>
    Pending,

    /// <summary>Somebody else approved it, or no approval was required.</summary>
    Approved,

    /// <summary>Somebody else said no.</summary>
    Denied,

    /// <summary>The requester took it back.</summary>
    Withdrawn,

    /// <summary>Nobody decided in time.</summary>
    Lapsed,
}

/// <summary>What an approver says.</summary>
public enum Verdict
{
    /// <summary>Yes.</summary>
    Approve,

    /// <summary>No.</summary>
    Deny,
}
