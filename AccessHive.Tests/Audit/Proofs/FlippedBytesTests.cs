using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases.Verifying;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AccessHive.Tests.Audit.Proofs;

/// <summary>Every single byte flipped once, and none missed (security.md, promise 8).</summary>
public sealed class FlippedBytesTests
{
    private static readonly string[] Tables =
    [
        "Seq, RecordedAt, Type, Emergency, ActorId, PersonId, IdentityId, CredentialId, RequestId, SessionId, Payload, LeafHash FROM Trail",
        "Seq, Salt, Text FROM TrailNotes", "Id, Size, Frontier, Origin FROM TrailTree", "Level, Idx, Hash FROM TrailNodes",
        "Id, Size, At, Epoch, Note, Cause FROM TrailCheckpoints", "Epoch, PublicKey, Certificate FROM TrailKeys",
    ];

    [Fact]
    public void Without_a_seal_every_flipped_byte_is_named_or_changes_nothing_that_the_trail_says()
    {
        using var house = PaperHouse.Of(3);
        var bytes = File.ReadAllBytes(house.Database);
        var says = Says(house.Database);
        var (missed, named) = (new ConcurrentBag<string>(), 0);

        Parallel.ForEach(Partitioner.Create(0, bytes.Length, 256), new ParallelOptions { MaxDegreeOfParallelism = 2 }, part =>
        {
            var copy = $"{house.Database}-{part.Item1}";
            File.WriteAllBytes(copy, bytes);
            using var file = new FileStream(copy, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1);
            for (var i = part.Item1; i < part.Item2; i++)
            {
                Put(file, i, (byte)(bytes[i] ^ (1 << (i % 8))));
                if (IsNamed(house, copy))
                    Interlocked.Increment(ref named);
                else if (Says(copy) != says)
                    missed.Add($"byte {i}");
                Put(file, i, bytes[i]);
            }
        });

        Assert.Empty(missed);
        Assert.True(named > bytes.Length / 3 && named < bytes.Length, $"{named} of {bytes.Length}");
    }

    [Fact]
    public void With_the_seal_of_a_clean_stop_every_byte_of_the_whole_file_and_of_the_seal_counts()
    {
        using var house = PaperHouse.Of(1);
        PaperHouse.Run(house.Database, "CREATE TABLE Everything (Other TEXT); INSERT INTO Everything VALUES ('else')");
        var seal = ClosingSeal.Beside(house.Database);
        File.WriteAllBytes(seal, house.Seal(house.Database, 1, PaperHouse.HeadOf(house.Events, 1).Root()));
        Assert.True(house.Verify() is { ExitCode: 0, Sealed: true });

        // The hash of the file is another with any byte flipped; and it is this hash that is held against the seal.
        var bytes = File.ReadAllBytes(house.Database);
        var whole = SHA256.HashData(bytes);
        Assert.Contains(Convert.ToHexStringLower(whole), File.ReadAllText(seal), StringComparison.Ordinal);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.NotEqual(whole, SHA256.HashData(bytes));
            bytes[i] ^= 1;
        }

        EveryByte(house.Database, bytes, () => IsNamed(house, house.Database), step: 61);
        EveryByte(seal, File.ReadAllBytes(seal), () => IsNamed(house, house.Database));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_byte_of_an_export_counts_and_of_the_anchors_too(bool asPart)
    {
        using var house = PaperHouse.Of(3);
        var file = Path.ChangeExtension(house.Database, "jsonl");
        var bytes = Export(house, asPart);
        File.WriteAllBytes(file, bytes);
        var report = VerifyTrail.Run(new VerifyWish(file));
        Assert.Empty(report.Findings);
        Assert.Equal((0, 3L), (report.ExitCode, report.Entries));

        EveryByte(file, bytes, () => VerifyTrail.Run(new VerifyWish(file)).ExitCode != 0);
        if (!asPart)
            EveryByte(house.Anchors, File.ReadAllBytes(house.Anchors), () => house.Verify().ExitCode != 0);
    }

    private static byte[] Export(PaperHouse house, bool asPart)
    {
        var tree = new MemoryLeaves(PaperHouse.Entries(house.Events).ConvertAll(e => e.Entry.LeafHash));
        List<byte> lines = [.. TrailLines.Line(new TrailLinesHead(PaperHouse.Origin, 1, 3, Filtered: asPart, 3, house.Certificates, Encoding.UTF8.GetString(house.Checkpoints[^1].Note)))];
        foreach (var (entry, note) in PaperHouse.Entries(house.Events))
            lines.AddRange(TrailLines.Line(new TrailLine(entry.Seq, Encoding.UTF8.GetString(entry.Payload), note!.Salt, Encoding.UTF8.GetString(note.Text), asPart ? TreeProofs.Inclusion(tree, entry.Seq - 1, 3) : null)));
        return [.. lines, .. TrailLines.End(3, 3)];
    }

    private static void EveryByte(string file, byte[] bytes, Func<bool> isNamed, int step = 1)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1);
        for (var i = 0; i < bytes.Length; i += step)
        {
            Put(stream, i, (byte)(bytes[i] ^ (1 << (i % 7))));
            bool named;
            try
            {
                named = isNamed();
            }
            catch (NotATrailException)
            {
                named = true;
            }

            Assert.True(named, $"byte {i}: {Encoding.UTF8.GetString(bytes[Math.Max(0, i - 20)..Math.Min(bytes.Length, i + 20)])}");
            Put(stream, i, bytes[i]);
        }
    }

    private static void Put(FileStream file, int at, byte value)
    {
        file.Position = at;
        file.WriteByte(value);
        file.Flush();
    }

    private static bool IsNamed(PaperHouse house, string file)
    {
        try
        {
            return VerifyTrail.Run(new VerifyWish(file, house.Anchors)).ExitCode != 0;
        }
        catch (NotATrailException)
        {
            return true;
        }
    }

    // Everything the tables say, value by value, with their types.
    private static string Says(string file)
    {
        using var connection = new SqliteConnection($"Data Source={new Uri(file).AbsoluteUri}?immutable=1;Mode=ReadOnly;Pooling=False");
        connection.Open();
        var said = new StringBuilder();
        foreach (var table in Tables)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT {table} ORDER BY 1, 2";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                    said.Append(reader.GetValue(i) is byte[] blob ? Convert.ToHexString(blob) : $"{reader.GetValue(i).GetType().Name}:{reader.GetValue(i)}").Append('|');
            }
        }

        return said.ToString();
    }

    private sealed class MemoryLeaves(List<byte[]> leaves) : ITreeHashes
    {
        public byte[] Read(int level, long first, int count) => [.. Enumerable.Range((int)first, count).SelectMany(i => leaves[i])];
    }
}
