using System.Diagnostics.CodeAnalysis;

namespace AccessHive.Core.Kernel;

/// <summary>
/// The rules say no (a fault is something else: something broke). A code and the facts that its sentence needs; the
/// sentence itself is written in Web, where people read it.
/// </summary>
/// <param name="Code">Stable, in kebab-case, for example <c>own-request</c>.</param>
public sealed record Refusal(string Code)
{
    /// <summary>What the sentence may mention, for example who decided already. Never a secret.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>The same refusal with one more fact for its sentence.</summary>
    public Refusal With(string name, string value) => this with { Facts = new Dictionary<string, string>(Facts) { [name] = value } };

    /// <inheritdoc/>
    public bool Equals(Refusal? other) => other is not null && Code == other.Code;

    /// <inheritdoc/>
    public override int GetHashCode() => Code.GetHashCode(StringComparison.Ordinal);
}

/// <summary>What came of a command: a value, or the reason why not.</summary>
public readonly record struct Result<T>
{
    private Result(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    /// <summary>The value, when the rules said yes.</summary>
    public T? Value { get; }

    /// <summary>The reason, when the rules said no.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Whether the rules said no.</summary>
    [MemberNotNullWhen(true, nameof(Refusal))]
    [MemberNotNullWhen(false, nameof(Value))]
    public bool IsRefused => Refusal is not null;

    /// <summary>The value, for callers to whom a refusal would be a programming mistake.</summary>
    /// <exception cref="InvalidOperationException">The rules said no.</exception>
    public T Require() => IsRefused ? throw new InvalidOperationException($"Refused: {Refusal.Code}") : Value;

    /// <summary>The rules said yes.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>The rules said no.</summary>
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The value of a command that has nothing else to say.</summary>
public readonly record struct Done
{
    /// <summary>It happened.</summary>
    public static Done Yes { get; }
}
