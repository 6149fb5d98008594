namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>What is to be verified.</summary>
/// <param name="Database">A database of AccessHive, or a JSON Lines export of one.</param>
/// <param name="Anchors">The anchors that were kept outside, if there are any.</param>
/// <param name="Key">A key of the house that was learnt another way, if there is one.</param>
/// <param name="AllPages">Lets SQLite check every page of a large file, and not the trail's alone.</param>
/// <param name="Witness">A witness whose signature an anchor needs in order to count.</param>
/// <param name="RowsOnly">Leaves out SQLite's own check of its pages; for measuring.</param>
public sealed record VerifyWish(string Database, string? Anchors = null, NoteKey? Key = null, bool RowsOnly = false, bool AllPages = false, NoteKey? Witness = null);

/// <summary>
/// Verifies a trail, offline, from its file and what was kept of it elsewhere (security.md, promise 8). It needs no key, no
/// running house and nothing that wrote the file.
/// </summary>
public static class VerifyTrail
{
    /// <summary>Verifies it.</summary>
    /// <param name="wish">What.</param>
    /// <param name="tell">Told of the progress every few thousand entries.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NotATrailException">There is nothing to verify.</exception>
    public static VerifyReport Run(VerifyWish wish, Action<VerifyProgress>? tell = null, CancellationToken cancellation = default)
    {
        if (IsDatabase(wish.Database))
        {
            using var database = new DatabaseVerifier(wish, tell, cancellation);
            return database.Run();
        }

        using var export = new ExportVerifier(wish, tell, cancellation);
        return export.Run();
    }

    // An export begins with a brace; whatever else it is, SQLite has the say.
    private static bool IsDatabase(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            return stream.ReadByte() != '{';
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new NotATrailException($"{file} can't be read: check its name and who may read it.");
        }
    }
}
