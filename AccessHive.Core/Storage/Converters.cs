using AccessHive.Core.Kernel;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>Instants as Unix ticks (100 ns): they order, compare and subtract in the database.</summary>
public sealed class InstantConverter() : ValueConverter<Instant, long>(i => i.ToUnixTimeTicks(), t => Instant.FromUnixTimeTicks(t));

/// <summary>Durations as ticks (100 ns).</summary>
public sealed class DurationConverter() : ValueConverter<Duration, long>(d => d.BclCompatibleTicks, t => Duration.FromTicks(t));

/// <summary>Typed ids as what they hold.</summary>
public sealed class IdConverter<T>() : ValueConverter<T, Guid>(id => id.Value, value => TypedId.From<T>(value))
    where T : struct, ITypedId<T>;
