using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault;

/// <summary>What an import has done so far.</summary>
/// <param name="Identities">Identities that were added – or would be, in a dry run.</param>
/// <param name="Credentials">Credentials that were added.</param>
/// <param name="ThereAlready">Rows that found everything there already.</param>
/// <param name="Problems">Rows of which nothing was stored.</param>
public sealed record ImportCounts(int Identities, int Credentials, int ThereAlready, int Problems);

/// <summary>An import is over. What it added has entries of its own.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who imported.</param>
/// <param name="Rows">Rows of the file.</param>
/// <param name="Counts">What came of them.</param>
/// <param name="Stopped">Why it ended before the last row; empty, if it didn't.</param>
public sealed record ImportFinished(Instant At, Actor By, int Rows, ImportCounts Counts, string Stopped) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "import.finished";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("rows", Text(Rows)).Add("identities added", Text(Counts.Identities)).Add("credentials added", Text(Counts.Credentials))
        .Add("there already", Text(Counts.ThereAlready)).Add("problems", Text(Counts.Problems)).Add("stopped", Stopped);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Somebody took a list of identities and credentials with them: what is known about them, never a secret.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Identities">How many identities.</param>
/// <param name="Credentials">How many credentials.</param>
/// <param name="NarrowedTo">What the list was narrowed to.</param>
public sealed record IdentitiesExported(Instant At, Actor By, int Identities, int Credentials, string NarrowedTo) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "identities.exported";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts
        .Add("identities", Identities.ToString(CultureInfo.InvariantCulture)).Add("credentials", Credentials.ToString(CultureInfo.InvariantCulture)).Add("narrowed to", NarrowedTo);
}
