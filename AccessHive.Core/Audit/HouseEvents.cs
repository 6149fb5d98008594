using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Audit;

/// <summary>The key-encryption key was changed, and every key that the old one wrapped is wrapped by the new one.</summary>
/// <param name="At">When it was finished.</param>
/// <param name="Secrets">How many sealed secrets the new key opens now.</param>
/// <param name="Left">How many were left as they were, because the old key did not open them either.</param>
/// <param name="FromPassphrase">Whether the new key is made from a passphrase.</param>
public sealed record HouseRekeyed(Instant At, long Secrets, long Left, bool FromPassphrase) : DomainEvent(At, Actor.Console)
{
    /// <inheritdoc/>
    public override string Type => "house.rekeyed";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("secrets", Secrets.ToString(CultureInfo.InvariantCulture))
        .Add("left as they were", Left == 0 ? null : Left.ToString(CultureInfo.InvariantCulture))
        .Add("key", FromPassphrase ? "passphrase" : "key file");
}

/// <summary>A backup was written and checked. The entry itself is the first one that is not in it.</summary>
/// <param name="At">When.</param>
/// <param name="Entries">How many entries of the trail it holds.</param>
public sealed record HouseBackedUp(Instant At, long Entries) : DomainEvent(At, Actor.Console)
{
    /// <inheritdoc/>
    public override string Type => "house.backed-up";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("entries", Entries.ToString(CultureInfo.InvariantCulture));
}

/// <summary>The house was put back to a backup: the entries after the backup are not in this trail.</summary>
/// <param name="At">When.</param>
/// <param name="Entries">How many entries of the trail came with it.</param>
public sealed record HouseRestored(Instant At, long Entries) : DomainEvent(At, Actor.Console)
{
    /// <inheritdoc/>
    public override string Type => "house.restored";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("entries", Entries.ToString(CultureInfo.InvariantCulture));
}
