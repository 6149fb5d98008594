using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;
using NSec.Cryptography;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>What a witness says of a checkpoint.</summary>
/// <param name="ExitCode">0 signed; 1 refused, because it contradicts what the witness remembers.</param>
/// <param name="Words">One sentence.</param>
/// <param name="Note">The note with the witness's signature below the house's, if it signed.</param>
public sealed record WitnessAnswer(int ExitCode, string Words, SignedNote? Note = null);

/// <summary>
/// Somebody on another machine who remembers the newest checkpoint of a house, signs the next one only when it continues
/// what is remembered, and keeps the evidence when it doesn't. It needs no database and no word with the house.
/// </summary>
/// <param name="stateFile">What it remembers; its own key lies beside it, readable by its owner only.</param>
public sealed class TrailWitness(string stateFile)
{
    private string KeyFile => stateFile + ".key";

    /// <summary>Looks at a checkpoint, and signs it if it continues what is remembered.</summary>
    /// <param name="file">A checkpoint, a file of anchors, or a consistency file.</param>
    /// <param name="trusted">A key of the house that was learnt another way, for the first time.</param>
    /// <param name="name">What the witness calls itself, for the first time.</param>
    /// <param name="now">When.</param>
    /// <exception cref="NotATrailException">The file says too little, or can't be read.</exception>
    public WitnessAnswer Look(string file, NoteKey? trusted, string? name, Instant now)
    {
        var (certificates, note, proof) = Read(file);
        if (!Checkpoint.TryParse(note.Text, out var said))
            throw new NotATrailException($"{file} has no checkpoint in it: take a checkpoint, the anchors, or what consistency wrote.");
        var remembered = Remembered();
        if (remembered is not null && remembered.Origin != said.Origin)
            throw new NotATrailException($"{file} is of another house than the one in {stateFile}: give each house a state of its own.");
        if (remembered is not null && said.Size < remembered.Size)
            return new WitnessAnswer(1, string.Create(CultureInfo.InvariantCulture, $"Refused, the trail was rolled back or is an old one: it has {said.Size:N0} entries, and {remembered.Size:N0} were seen already."));
        var keys = new KeyChain(said.Origin);
        if (remembered is not null || trusted is not null)
        {
            var key = remembered?.Key ?? trusted!;
            if (!int.TryParse(key.Name.AsSpan(key.Name.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
                throw new NotATrailException($"{key} is no key of a house: it ends with the number of its day.");
            keys.Trust(epoch, key);
        }

        foreach (var certificate in certificates)
        {
            if (keys.Take(certificate) is { } wrong)
                return new WitnessAnswer(1, $"Refused, a key is forged: a certificate {wrong}.");
        }

        if (keys.Read(note, out _) is { } forged)
            return new WitnessAnswer(1, $"Refused, the checkpoint is forged: it {forged}.");
        if (remembered is not null && Contradicts(remembered, said, note, proof) is { } refused)
            return refused;
        return Sign(remembered, said, note, keys, name, now);
    }

    private WitnessAnswer? Contradicts(State remembered, Checkpoint said, SignedNote note, ConsistencyFile? proof)
    {
        var root = said.Root.Span;
        if (said.Size == remembered.Size)
            return root.SequenceEqual(remembered.Root) ? null : Fork(remembered, note, said);
        if (proof is null || proof.First != remembered.Size || proof.Second != said.Size)
        {
            if (remembered.Size > 0)
                throw new NotATrailException(string.Create(CultureInfo.InvariantCulture, $"The last checkpoint seen had {remembered.Size} entries: on the house's machine run consistency {remembered.Size} newest --out FILE, and give that file."));
            return null;
        }

        return proof.SecondRoot.AsSpan().SequenceEqual(root) && TreeProofs.IsConsistent(remembered.Size, remembered.Root, said.Size, root, proof.Proof) ? null : Fork(remembered, note, said);
    }

    private WitnessAnswer Fork(State remembered, SignedNote note, Checkpoint said)
    {
        var evidence = string.Create(CultureInfo.InvariantCulture, $"{stateFile}.fork-{said.Size}");
        File.WriteAllText(evidence, $"{remembered.Note}=\n{note}=\n");
        return new WitnessAnswer(1, string.Create(CultureInfo.InvariantCulture, $"Refused, the trail is forked: what has {said.Size:N0} entries does not continue what had {remembered.Size:N0}; both signed notes are kept in {evidence}."));
    }

    private WitnessAnswer Sign(State? remembered, Checkpoint said, SignedNote note, KeyChain keys, string? name, Instant now)
    {
        using var secret = OwnKey();
        var own = NoteKey.OfWitness(remembered?.Name ?? name ?? $"witness-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", secret.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        keys.TryGet(said.Epoch, out var newest);
        Remember(new State(said.Origin, newest!, said.Size, said.Root.ToArray(), note.ToString(), own.Name));
        var words = string.Create(CultureInfo.InvariantCulture, $"Signed: {said.Size:N0} entries of {said.Origin}, as {own}.");
        if (remembered is null)
            words += $" It is the first checkpoint seen; the house's key was taken as it came: {newest}.";
        return new WitnessAnswer(0, words, note.With(own.Sign(note.Text, secret, now)));
    }

    private static (List<SignedNote> Certificates, SignedNote Note, ConsistencyFile? Proof) Read(string file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new NotATrailException($"{file} can't be read: check its name and who may read it.");
        }

        if (ConsistencyFile.Read(bytes) is { } proof)
        {
            return proof.Checkpoint is not null && SignedNote.Read(Encoding.UTF8.GetBytes(proof.Checkpoint)) is { } signed
                ? ([.. proof.Keys.Select(k => SignedNote.Read(Encoding.UTF8.GetBytes(k))).OfType<SignedNote>()], signed, proof)
                : throw new NotATrailException($"{file} has no signed checkpoint in it: run consistency up to newest.");
        }

        if (SignedNote.Read(bytes) is { } alone)
            return ([], alone, null);
        var (certificates, newest) = (new List<SignedNote>(), (SignedNote?)null);
        using var anchors = new AnchorFile(file);
        while (anchors.Next(out var note))
        {
            if (note is not null && note.Text.StartsWith(KeyCertificate.Kind, StringComparison.Ordinal))
                certificates.Add(note);
            else
                newest = note ?? newest;
        }

        return (certificates, newest ?? throw new NotATrailException($"{file} has no checkpoint in it: take a checkpoint, the anchors, or what consistency wrote."), null);
    }

    private Key OwnKey()
    {
        if (File.Exists(KeyFile))
            return Key.Import(SignatureAlgorithm.Ed25519, Convert.FromBase64String(File.ReadAllText(KeyFile).Trim()), KeyBlobFormat.RawPrivateKey);
        var key = Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(KeyFile, options);
        stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key.Export(KeyBlobFormat.RawPrivateKey)) + "\n"));
        return key;
    }

    private State? Remembered()
    {
        if (!File.Exists(stateFile))
            return null;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(stateFile));
            var root = json.RootElement;
            return NoteKey.TryParse(root.GetProperty("key").GetString(), out var key)
                ? new State(root.GetProperty("origin").GetString()!, key, root.GetProperty("size").GetInt64(), root.GetProperty("root").GetBytesFromBase64(), root.GetProperty("note").GetString()!, root.GetProperty("name").GetString()!)
                : throw new FormatException("no key");
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IOException)
        {
            throw new NotATrailException($"What the witness remembers in {stateFile} can't be read: put the file back from a copy, and do not begin anew without looking why.");
        }
    }

    private void Remember(State state)
    {
        using (var stream = new FileStream(stateFile + ".next", FileMode.Create))
        {
            JsonSerializer.Serialize(stream, new { origin = state.Origin, key = state.Key.ToString(), size = state.Size, root = state.Root, note = state.Note, name = state.Name });
            stream.Flush(flushToDisk: true);
        }

        File.Move(stateFile + ".next", stateFile, overwrite: true);
    }

    private sealed record State(string Origin, NoteKey Key, long Size, byte[] Root, string Note, string Name);
}
