using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Audit.UseCases.Verifying;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AccessHive.Bench;

/// <summary>Verify beside what it stands on: reading the rows, and reading and hashing them. One thread each, in turns.</summary>
public static class VerifyBench
{
    private const int Usual = 5;
    private const long Large = 5_000_000;
    private const int Proofs = 500;
    private const string Rows = "SELECT Seq, RecordedAt, Type, Emergency, ActorId, PersonId, IdentityId, CredentialId, RequestId, SessionId, Payload, LeafHash FROM Trail ORDER BY Seq";
    private const string Notes = "SELECT Seq, Salt, Text FROM TrailNotes ORDER BY Seq";

    public static async Task RunAsync(BenchHouse house)
    {
        await house.Get<CheckpointKeeper>().LookAsync(default);
        await house.Get<AnchorKeeper>().LookAsync(default);
        var file = house.Paths.Database;
        var entries = VerifyTrail.Run(new VerifyWish(file, house.Paths.Anchors, RowsOnly: true)) is var good && good.Findings.Count == 0 ? good.Entries : throw new InvalidOperationException($"The bench's own trail does not hold: {good.Findings[0]}");
        var runs = entries < Large ? Usual : 1;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entries:N0} entries with their notes, {new FileInfo(file).Length / 1_000_000:N0} MB, {(runs == 1 ? "one run each" : $"median of {runs} runs in turns")}, warm"));
        Console.WriteLine($"{"",-52} {"s",7} {"CPU s",7} {"k/s",7} {"× reading",10}");
        (string Name, Action Run)[] rows =
        [
            ("floor: reading all rows and notes, Microsoft.Data.Sqlite", () => ReadAll(file)),
            ("reading all rows and notes, raw", () => ReadRaw(file, hash: false)),
            ("reading, and hashing each payload, raw", () => ReadRaw(file, hash: true)),
            ("verify, rows: all that is checked entry by entry", () => VerifyTrail.Run(new VerifyWish(file, house.Paths.Anchors, RowsOnly: true))),
        ];
        var taken = rows.Select(_ => new List<(double Wall, double Cpu)>()).ToList();
        for (var i = 0; i < runs; i++)
        {
            for (var r = 0; r < rows.Length; r++)
                taken[r].Add(Time(rows[r].Run));
        }

        var floor = Median([.. taken[0].Select(t => t.Cpu)]);
        for (var r = 0; r < rows.Length; r++)
            Say(rows[r].Name, entries, Median([.. taken[r].Select(t => t.Wall)]), Median([.. taken[r].Select(t => t.Cpu)]), floor);
        var whole = Time(() => VerifyTrail.Run(new VerifyWish(file, house.Paths.Anchors)));
        Say("verify, whole: SQLite's check of the trail beside it", entries, whole.Wall, whole.Cpu, floor);
        Prove(file, entries);
    }

    private static void Prove(string file, long entries)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        var tree = new StoredTree(connection);
        var times = new List<double>();
        for (var i = 0; i < Proofs; i++)
        {
            var leaf = RandomNumberGenerator.GetInt32((int)entries);
            var watch = Stopwatch.StartNew();
            TreeProofs.Inclusion(tree, leaf, entries);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"inclusion proof of a random entry, {Proofs}: p50 {times[Proofs / 2]:0.00} ms, p99 {times[Proofs * 99 / 100]:0.00} ms"));
    }

    private static void ReadAll(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        foreach (var sql in new[] { Rows, Notes })
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                    reader.GetValue(i);
            }
        }
    }

    private static void ReadRaw(string file, bool hash)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        var (bytes, leaf) = (new byte[64 * 1024], new byte[32]);
        foreach (var (sql, hashed) in new[] { (Rows, 10), (Notes, 2) })
        {
            raw.sqlite3_prepare_v2(connection.Handle!, sql, out var statement);
            using (statement)
            {
                var columns = raw.sqlite3_column_count(statement);
                while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
                {
                    for (var i = 0; i < columns; i++)
                    {
                        var value = raw.sqlite3_column_blob(statement, i);
                        if (!hash || i != hashed)
                            continue;
                        value.CopyTo(bytes.AsSpan(1));
                        SHA256.HashData(bytes.AsSpan(0, value.Length + 1), leaf);
                    }
                }
            }
        }
    }

    private static (double Wall, double Cpu) Time(Action run)
    {
        using var process = Process.GetCurrentProcess();
        var (before, watch) = (process.TotalProcessorTime, Stopwatch.StartNew());
        run();
        process.Refresh();
        return (watch.Elapsed.TotalSeconds, (process.TotalProcessorTime - before).TotalSeconds);
    }

    private static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(string name, long entries, double wall, double cpu, double floor)
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-52} {wall,7:0.00} {cpu,7:0.00} {entries / cpu / 1000,7:0} {cpu / floor,10:0.00}"));
}
