namespace AccessHive.Core.Kernel;

/// <summary>An id that is a type of its own, so that no request can be looked up with a person's id.</summary>
/// <typeparam name="TSelf">The id itself.</typeparam>
public interface ITypedId<TSelf> where TSelf : struct, ITypedId<TSelf>
{
    /// <summary>The stored value; version 7, so ids sort by the time they were made.</summary>
    Guid Value { get; }

    /// <summary>Reads a stored value back.</summary>
    static abstract TSelf From(Guid value);
}

/// <summary>Reads typed ids where a type parameter is all that is known.</summary>
public static class TypedId
{
    /// <summary>The id with this stored value.</summary>
    public static T From<T>(Guid value) where T : struct, ITypedId<T> => T.From(value);
}

/// <summary>One person of the agency, for as long as the agency exists.</summary>
public readonly record struct PersonId(Guid Value) : ITypedId<PersonId>
{
    /// <summary>A new id.</summary>
    public static PersonId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static PersonId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One invitation or setup link.</summary>
public readonly record struct InvitationId(Guid Value) : ITypedId<InvitationId>
{
    /// <summary>A new id.</summary>
    public static InvitationId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static InvitationId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One shared identity: an account of a client that several people work with.</summary>
public readonly record struct IdentityId(Guid Value) : ITypedId<IdentityId>
{
    /// <summary>A new id.</summary>
    public static IdentityId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static IdentityId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One credential of a shared identity.</summary>
public readonly record struct CredentialId(Guid Value) : ITypedId<CredentialId>
{
    /// <summary>A new id.</summary>
    public static CredentialId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static CredentialId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One request for access, standard or emergency.</summary>
public readonly record struct RequestId(Guid Value) : ITypedId<RequestId>
{
    /// <summary>A new id.</summary>
    public static RequestId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static RequestId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One session: the time in which a holder may reveal a credential.</summary>
public readonly record struct SessionId(Guid Value) : ITypedId<SessionId>
{
    /// <summary>A new id.</summary>
    public static SessionId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static SessionId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One rotation of a credential's secret.</summary>
public readonly record struct RotationId(Guid Value) : ITypedId<RotationId>
{
    /// <summary>A new id.</summary>
    public static RotationId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static RotationId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One piece of work that goes on in the background.</summary>
public readonly record struct JobId(Guid Value) : ITypedId<JobId>
{
    /// <summary>A new id.</summary>
    public static JobId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static JobId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One emergency as it is looked back at: its requests, its sessions, what became of them.</summary>
public readonly record struct CaseId(Guid Value) : ITypedId<CaseId>
{
    /// <summary>A new id.</summary>
    public static CaseId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static CaseId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One notice to one person by one way.</summary>
public readonly record struct NoticeId(Guid Value) : ITypedId<NoticeId>
{
    /// <summary>A new id.</summary>
    public static NoticeId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static NoticeId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One filter of the trail that a person keeps.</summary>
public readonly record struct SavedFilterId(Guid Value) : ITypedId<SavedFilterId>
{
    /// <summary>A new id.</summary>
    public static SavedFilterId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static SavedFilterId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
