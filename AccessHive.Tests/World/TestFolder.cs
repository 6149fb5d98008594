using System.Security.Cryptography;

namespace AccessHive.Tests.World;

/// <summary>A folder of a test's own, gone afterwards.</summary>
public sealed class TestFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("accesshive-").FullName;

    /// <summary>A path in it.</summary>
    public string In(string name) => Path.Combine(path, name);

    /// <summary>Every file in it with a hash of its bytes, so that a test can say that nothing was touched.</summary>
    public IReadOnlyDictionary<string, string> Fingerprint() => Directory
        .EnumerateFiles(path, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(path, f), f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))), StringComparer.Ordinal);

    public void Dispose() => Directory.Delete(path, recursive: true);
}
