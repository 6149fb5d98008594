using System.Security.Cryptography;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>
/// What lies beside a file and speaks of all its bytes: the seal of a clean stop, or the checksum of a backup. Only the
/// seal is signed.
/// </summary>
internal sealed class FileSeal
{
    private SignedNote? note;
    private ClosingSeal? seal;

    /// <summary>Whether a signed seal is there and every byte of the file is as it says.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Looks at the bytes of a file.</summary>
    public static FileSeal Check(string file, Diagnosis diagnosis, CancellationToken cancellation)
    {
        var found = new FileSeal();
        var (sealFile, sumFile) = (ClosingSeal.Beside(file), file + ".sha256");
        try
        {
            if (!File.Exists(file))
                throw new NotATrailException($"There is no {file}: check its name.");
            var hasSeal = File.Exists(sealFile);
            var hasSum = File.Exists(sumFile);
            if (!hasSeal && !hasSum)
                return found;
            var hash = HashOf(file, cancellation);
            if (hasSum && !string.Equals(File.ReadAllText(sumFile).Split(' ')[0].Trim(), Convert.ToHexStringLower(hash), StringComparison.OrdinalIgnoreCase))
                diagnosis.Add(TrailAttack.Damaged, null, $"The file is not the one whose checksum is in {sumFile}.");
            if (hasSeal)
                found.Take(File.ReadAllBytes(sealFile), file, hash, diagnosis);
            return found;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new NotATrailException($"{file} can't be read: check who may read it.");
        }
    }

    /// <summary>Holds the seal against the trail and the keys.</summary>
    public void CheckTree(long size, byte[]? root, KeyChain keys, Diagnosis diagnosis)
    {
        if (seal is null || note is null)
            return;
        if (seal.Origin != keys.Origin || note.Signatures.Count != 1 || !keys.Keys.Any(note.IsSignedBy))
        {
            diagnosis.Add(TrailAttack.Forged, null, "The closing seal is not signed by a key of this house.");
            IsWhole = false;
        }
        else if (IsWhole && root is not null && (seal.Size != size || !seal.Root.Span.SequenceEqual(root)))
        {
            diagnosis.Add(TrailAttack.Forged, null, "The closing seal speaks of another trail.");
        }
    }

    private static byte[] HashOf(string file, CancellationToken cancellation)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[256 * 1024];
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, read));
        }

        return hash.GetHashAndReset();
    }

    private void Take(byte[] bytes, string file, byte[] hash, Diagnosis diagnosis)
    {
        if (!SignedNote.TryParse(bytes, out note) || !ClosingSeal.TryParse(note.Text, out seal))
            diagnosis.Add(TrailAttack.Forged, null, "The closing seal can't be read.");
        else if (new FileInfo(file + "-wal") is { Exists: true, Length: > 0 })
            diagnosis.Add(TrailAttack.Damaged, null, "The file was changed after it was closed and sealed.");
        else if (seal.Length != new FileInfo(file).Length || !seal.FileHash.Span.SequenceEqual(hash))
            diagnosis.Add(TrailAttack.Damaged, null, "The file is not the one that was closed and sealed: at least one of its bytes was changed.");
        else
            IsWhole = true;
    }
}
