using System.Diagnostics.CodeAnalysis;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>The keys of a house, each vouched for by the one before; the first one stands for itself.</summary>
/// <param name="origin">Which trail.</param>
public sealed class KeyChain(string origin)
{
    private readonly SortedDictionary<int, NoteKey> keys = [];

    /// <summary>Which trail.</summary>
    public string Origin => origin;

    /// <summary>The newest epoch, or -1.</summary>
    public int Newest { get; private set; } = -1;

    private int Oldest { get; set; }

    /// <summary>How many keys there are.</summary>
    public int Count => keys.Count;

    /// <summary>The keys in the order of their epochs.</summary>
    public IReadOnlyCollection<NoteKey> Keys => keys.Values;

    /// <summary>The key of an epoch.</summary>
    public bool TryGet(int epoch, [NotNullWhen(true)] out NoteKey? key) => keys.TryGetValue(epoch, out key);

    /// <summary>Starts with a key that is trusted for another reason than a certificate.</summary>
    public void Trust(int epoch, NoteKey key)
    {
        // What was before is somebody else's to know, and the certificate of the key itself is signed by it.
        Oldest = epoch + 1;
        Add(epoch, key);
    }

    /// <summary>Takes a certificate: of a key that is known already, or of the next one.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Take(SignedNote? note)
    {
        if (note is null || !KeyCertificate.TryParse(note.Text, out var certificate))
            return "is no certificate of a key";
        if (certificate.Origin != origin)
            return "is of another house";
        if (note.Signatures.Count != 1)
            return "has more signatures than one";
        if (certificate.Epoch < Oldest)
            return null;
        if (keys.TryGetValue(certificate.Epoch, out var known) && !known.Is(certificate.Key))
            return "names another key for a day that has one";
        if (known is null && certificate.Epoch < Newest)
            return "comes after the key of a later day";
        var before = keys.LastOrDefault(k => k.Key < certificate.Epoch).Value;
        if (!note.IsSignedBy(before ?? certificate.Key))
            return before is null ? "is not signed by its own key" : "is not signed by the key before it";
        if (known is null)
            Add(certificate.Epoch, certificate.Key);
        return null;
    }

    /// <summary>Reads a checkpoint of this house.</summary>
    /// <param name="note">The note.</param>
    /// <param name="checkpoint">What it says, when it holds.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Read(SignedNote? note, out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (note is null || !Checkpoint.TryParse(note.Text, out var said))
            return "is no checkpoint";
        if (said.Origin != origin)
            return "is of another house";
        if (!keys.TryGetValue(said.Epoch, out var key))
            return "is signed by a key that nothing vouches for";
        if (!note.IsSignedBy(key))
            return "is not signed by the key of its day";
        checkpoint = said;
        return null;
    }

    private void Add(int epoch, NoteKey key)
    {
        keys[epoch] = key;
        Newest = Math.Max(Newest, epoch);
    }
}
