using System.Text;
using AccessHive.Core.Audit;
using NodaTime;
using NSec.Cryptography;
using Xunit;

namespace AccessHive.Tests.Audit.Proofs;

public sealed class SignedNoteTests
{
    // From the documentation of Go's golang.org/x/mod/sumdb/note, which others' notes are measured by.
    private const string PeterKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private const string PeterNote = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

        """;

    private const string Origin = "accesshive/0123456789abcdef0123456789abcdef";
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 9, 30) + Duration.FromMilliseconds(50);

    [Fact]
    public void A_note_of_another_implementation_opens_and_is_written_back_byte_for_byte()
    {
        Assert.True(NoteKey.TryParse(PeterKey, out var key));
        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(PeterNote), out var note));
        Assert.True(note.IsSignedBy(key));
        Assert.Equal(PeterKey, key.ToString());
        Assert.Equal(PeterNote, note.ToString());
    }

    [Fact]
    public void A_checkpoint_says_the_same_after_it_was_signed_and_read()
    {
        using var secret = Key.Create(SignatureAlgorithm.Ed25519);
        var key = NoteKey.OfHouse($"{Origin}/20781", secret.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        var checkpoint = new Checkpoint(Origin, 42, new byte[32], Now, 20_781);

        Assert.True(SignedNote.TryParse(SignedNote.Sign(checkpoint.Text, key, secret).ToBytes(), out var note));

        Assert.True(note.IsSignedBy(key));
        Assert.Equal($"{Origin}\n42\n{Convert.ToBase64String(new byte[32])}\nat 2026-11-24T09:30:00.05Z\nepoch 20781\n", note.Text);
        Assert.True(Checkpoint.TryParse(note.Text, out var read));
        Assert.Equal((checkpoint.Text, checkpoint.KeyName, key.Name), (read.Text, read.KeyName, read.KeyName));
    }

    [Fact]
    public void No_byte_of_a_signed_note_can_be_another_and_none_be_missing_or_added()
    {
        using var secret = Key.Create(SignatureAlgorithm.Ed25519);
        var key = NoteKey.OfHouse($"{Origin}/1", secret.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        var bytes = SignedNote.Sign(new Checkpoint(Origin, 7, new byte[32], Now, 1).Text, key, secret).ToBytes();
        var wrong = new List<byte[]>();
        for (var i = 0; i < bytes.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
                wrong.Add([.. bytes[..i], (byte)(bytes[i] ^ (1 << bit)), .. bytes[(i + 1)..]]);
            wrong.Add([.. bytes[..i], .. bytes[(i + 1)..]]);
            wrong.Add([.. bytes[..i], (byte)'\n', .. bytes[i..]]);
        }

        // One line feed more where one already is, is the same text; everything else is another.
        Assert.All(wrong.Where(w => !w.AsSpan().SequenceEqual(bytes)), w => Assert.False(SignedNote.TryParse(w, out var note) && note.IsSignedBy(key)));
    }

    [Fact]
    public void A_witness_signs_with_the_time_below_the_house_and_neither_signature_stands_for_the_other()
    {
        using var secret = Key.Create(SignatureAlgorithm.Ed25519);
        var bytes = secret.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        var (house, witness) = (NoteKey.OfHouse($"{Origin}/1", bytes), NoteKey.OfWitness("witness.example", bytes));
        var signed = SignedNote.Sign(new Checkpoint(Origin, 7, new byte[32], Now, 1).Text, house, secret);

        Assert.True(SignedNote.TryParse(signed.With(witness.Sign(signed.Text, secret, Now)).ToBytes(), out var note));

        Assert.Equal(2, note.Signatures.Count);
        Assert.True(note.IsSignedBy(house));
        Assert.Equal(Instant.FromUtc(2026, 11, 24, 9, 30), note.SignatureBy(witness)?.CosignedAt);
        Assert.False(note.IsSignedBy(NoteKey.OfHouse("witness.example", bytes)));
        Assert.False(note.IsSignedBy(NoteKey.OfWitness($"{Origin}/1", bytes)));
        Assert.True(NoteKey.TryParse(witness.ToString(), out var again) && again.IsWitness && again.Is(witness));
    }

    [Fact]
    public void Certificates_and_seals_are_read_in_one_way_only()
    {
        var key = new byte[32];
        var certificate = KeyCertificate.For(Origin, 20_781, key);
        var seal = new ClosingSeal(Origin, 42, new byte[32], new byte[32], 4096);

        Assert.True(KeyCertificate.TryParse(certificate.Text, out var readKey) && readKey.Key.Is(certificate.Key));
        Assert.True(ClosingSeal.TryParse(seal.Text, out var readSeal) && readSeal.Text == seal.Text);
        Assert.False(KeyCertificate.TryParse(certificate.Text.Replace("\n20781\n", "\n20782\n", StringComparison.Ordinal), out _));
        Assert.False(KeyCertificate.TryParse(certificate.Text.Replace("\n20781\n", "\n020781\n", StringComparison.Ordinal), out _));
        Assert.False(ClosingSeal.TryParse(seal.Text.Replace("\n42\n", "\n+42\n", StringComparison.Ordinal), out _));
        Assert.False(ClosingSeal.TryParse(seal.Text + "more\n", out _));
        Assert.False(Checkpoint.TryParse(new Checkpoint(Origin, 1, key, Now, 1).Text.Replace(".05Z", ".050Z", StringComparison.Ordinal), out _));
    }

    [Fact]
    public void What_is_no_key_and_no_note_is_not_read()
    {
        foreach (var text in new[] { "", "+", "a+00000000+AQ==", PeterKey + "=", PeterKey.Replace("c74f20a3", "C74F20A3", StringComparison.Ordinal), PeterKey.Replace("Peter", "Pe ter", StringComparison.Ordinal), "PeterNeumann+c74f20a4" + PeterKey[21..] })
            Assert.False(NoteKey.TryParse(text, out _), text);
        Assert.False(NoteKey.TryParse(null, out _));
        foreach (var text in new[] { "", "\n\n", "text\n", "text\n\n", "text\n\nno line\n", "text\n\n— name \n", "te\rxt" + PeterNote[4..], PeterNote.TrimEnd('\n'), PeterNote.Replace("— ", "- ", StringComparison.Ordinal) })
            Assert.False(SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out _), text);
        Assert.False(SignedNote.TryParse([0xff, .. Encoding.UTF8.GetBytes(PeterNote)], out _));
        Assert.Throws<ArgumentException>(() => NoteKey.OfHouse("two words", new byte[32]));
    }
}
