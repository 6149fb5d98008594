using System.Diagnostics;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace AccessHive.Bench;

/// <summary>
/// One writer, one entry a durable commit: the bare chain, the chain with the tree, and the product. Each in a house of its own,
/// five rounds in turns; the ratios are medians over the rounds.
/// </summary>
public static class AppendBench
{
    private const int Rounds = 5;

    public static async Task RunAsync(string folder, int entries)
    {
        var (chain, tree, product) = (new List<double>(), new List<double>(), new List<double>());
        await using var bare = await BenchHouse.OpenAsync(Path.Combine(folder, "chain"));
        await using var grown = await BenchHouse.OpenAsync(Path.Combine(folder, "tree"));
        await using var house = await BenchHouse.OpenAsync(Path.Combine(folder, "product"));
        for (var round = 0; round < Rounds; round++)
        {
            chain.Add(await RawAsync(bare, entries, withTree: false));
            tree.Add(await RawAsync(grown, entries, withTree: true));
            product.Add(await ProductAsync(house, entries));
        }

        Console.WriteLine($"{entries:N0} entries a round, {Rounds} rounds      entries/s   of the chain");
        Tell("one writer, chain alone", chain, chain);
        Tell("one writer, chain and tree", tree, chain);
        Tell("the product: Work, EF, notices", product, chain);
    }

    private static void Tell(string what, List<double> rates, List<double> floor)
        => Console.WriteLine($"{what,-36} {Median(rates),10:N0}   {Median(rates.Zip(floor, (r, f) => r / f)),8:P0}");

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static async Task<double> ProductAsync(BenchHouse house, int entries)
    {
        var work = house.Get<Work>();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < entries; i++)
        {
            await work.RunAsAsync<Done>(Actor.System, turn =>
            {
                turn.Db.Note(new ClockJumped(turn.Now, turn.Now));
                return Task.FromResult<Result<Done>>(Done.Yes);
            }, default);
        }

        return entries / watch.Elapsed.TotalSeconds;
    }

    // What the product writes, by the same statements, without anything around them.
    private static async Task<double> RawAsync(BenchHouse house, int entries, bool withTree)
    {
        await using var connection = new SqliteConnection($"Data Source={house.Paths.Database};Pooling=False");
        await connection.OpenAsync();
        using (var pragma = connection.CreateCommand())
        {
            pragma.CommandText = "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;";
            pragma.ExecuteNonQuery();
        }

        using var last = Command(connection, "SELECT Seq, LeafHash FROM Trail ORDER BY Seq DESC LIMIT 1");
        using var row = Command(connection, "SELECT Size, Frontier FROM TrailTree");
        using var entry = Command(connection, "INSERT INTO Trail (Seq, RecordedAt, Type, Emergency, Payload, LeafHash) VALUES ($1, $2, $3, $4, $5, $6)", 6);
        using var words = Command(connection, "INSERT INTO TrailWords (rowid, words, marks) VALUES ($1, $2, $3)", 3);
        using var keep = Command(connection, "UPDATE TrailTree SET Size = $1, Frontier = $2", 2);
        using var node = Command(connection, "INSERT INTO TrailNodes (Level, Idx, Hash) VALUES ($1, $2, $3)", 3);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < entries; i++)
        {
            using var transaction = connection.BeginTransaction();
            foreach (var command in new[] { last, row, entry, words, keep, node })
                command.Transaction = transaction;
            var (seq, leaf) = Last(last);
            var now = Instant.FromUnixTimeMilliseconds(1_800_000_000_000 + seq);
            var (written, _) = TrailFormat.Write(new ClockJumped(now, now), seq + 1, leaf);
            Run(entry, written.Seq, written.RecordedAt, written.Type, written.Emergency, written.Payload, written.LeafHash);
            Run(words, written.Seq, TrailWords.Index("clock jumped"), TrailMarks.Of(written));
            if (withTree)
            {
                var frontier = Open(row);
                frontier.Append(written.LeafHash, (level, index, hash) =>
                {
                    if (TreeHash.IsKept(level))
                        Run(node, level, index, hash);
                });
                _ = frontier.Root();
                Run(keep, frontier.Size, frontier.ToBytes());
            }

            transaction.Commit();
        }

        return entries / watch.Elapsed.TotalSeconds;
    }

    private static (long Seq, byte[] Leaf) Last(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), (byte[])reader.GetValue(1)) : (0, TrailFormat.NoLeaf);
    }

    private static Frontier Open(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        reader.Read();
        return Frontier.From(reader.GetInt64(0), (byte[])reader.GetValue(1));
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, int parameters = 0)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
            command.Parameters.Add(new SqliteParameter($"${i}", null));
        return command;
    }

    private static void Run(SqliteCommand command, params object[] values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }
}
