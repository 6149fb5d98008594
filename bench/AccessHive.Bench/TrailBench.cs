using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Bench;

/// <summary>
/// Every filter and the usual combinations, through the product's own query, beside the floor in the same run: the same rows
/// read in plain SQL. Warm, and cold: with nothing of the database in the machine's memory.
/// </summary>
public static class TrailBench
{
    private const int Warm = 10;
    private const int Times = 200;
    private const int ColdTimes = 5;

    public static async Task RunAsync(BenchHouse house)
    {
        await using var db = await house.ReadAsync();
        var newest = await db.Trail.OrderByDescending(e => e.Seq).FirstAsync();
        var oldest = await db.Trail.OrderBy(e => e.Seq).FirstAsync();
        var middle = Instant.FromUnixTimeMilliseconds((newest.RecordedAt + oldest.RecordedAt) / 2);
        var day = Duration.FromDays(1);
        var read = house.Get<ReadTrail>();
        var raw = new RawPage(house.Paths.Database);
        var rare = TrailFill.RarePerson;
        var often = TrailFill.Person(7);

        var pages = new (string Name, TrailFilter Filter, long? Before)[]
        {
            ("first page", new(), null),
            ("page in the middle", new(), newest.Seq / 2),
            ("emergency", new(Emergency: true), null),
            ("emergency, in the middle", new(Emergency: true), newest.Seq / 2),
            ("person", new(Person: often), null),
            ("rare person", new(Person: rare), null),
            ("type", new(Type: "session.started"), null),
            ("type, the most common", new(Type: "person.signed-in"), null),
            ("identity", new(Identity: TrailFill.Identity(77)), null),
            ("span: one day in the middle", new(From: middle, Until: middle + day), null),
            ("span: everything before the middle", new(Until: middle), null),
            ("words: common", new(Text: TrailFill.CommonWord), null),
            ("words: rare", new(Text: TrailFill.RareWord), null),
            ("words: no match", new(Text: "nothingofthekind"), null),
            ("words: common and rare", new(Text: $"{TrailFill.CommonWord} {TrailFill.RareWord}"), null),
            ("words: one letter", new(Text: "s"), null),
            ("words: two letters", new(Text: "re"), null),
            ("words: three letters", new(Text: "cam"), null),
            ("words: four beginnings", new(Text: "ba re mi sto"), null),
            ("emergency + person", new(Emergency: true, Person: often), null),
            ("emergency + rare person", new(Emergency: true, Person: rare), null),
            ("emergency + type", new(Emergency: true, Type: "session.started"), null),
            ("emergency + identity", new(Emergency: true, Identity: TrailFill.Identity(77)), null),
            ("emergency + type + day", new(Emergency: true, Type: "session.started", From: middle, Until: middle + day), null),
            ("emergency + person + type + identity", new(Emergency: true, Person: often, Type: "session.started", Identity: TrailFill.Identity(77)), null),
            ("person + type", new(Person: often, Type: "credential.edited"), null),
            ("person + identity", new(Person: often, Identity: TrailFill.Identity(77)), null),
            ("rare person + type", new(Person: rare, Type: "person.signed-in"), null),
            ("type that never occurs in emergencies", new(Emergency: true, Type: "identity.added"), null),
            ("rare person + common word", new(Person: rare, Text: TrailFill.CommonWord), null),
            ("person + common word", new(Person: often, Text: TrailFill.CommonWord), null),
            ("emergency + rare word", new(Emergency: true, Text: TrailFill.RareWord), null),
            ("emergency + common word + first half", new(Emergency: true, Text: TrailFill.CommonWord, Until: middle), null),
            ("emergency + no match", new(Emergency: true, Text: "nothingofthekind"), null),
        };
        // What the runtime compiles on the way is no page's cost.
        for (var i = 0; i < Warm; i++)
        {
            foreach (var (_, filter, before) in pages)
            {
                await read.PageAsync(house.Owner, filter, before);
                await raw.ReadAsync(filter, before);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{newest.Seq:N0} entries, {new FileInfo(house.Paths.Database).Length / 1_000_000:N0} MB, {Times} runs each, warm; {ColdTimes} cold"));
        Console.WriteLine($"{"page of 50",-40} {"rows",4} {"raw p50",8} {"p50 ms",7} {"p99 ms",7} {"cpu ms",7} {"× raw",6} {"cold p50",9} {"cold max",9}");
        foreach (var (name, filter, before) in pages)
            await RowAsync(house, name, async () => (await read.PageAsync(house.Owner, filter, before)).Rows.Count, () => raw.ReadAsync(filter, before));
        await RowAsync(house, "somebody else's own entries", async () => (await read.PageAsync(Core.Kernel.PersonId.New(), new TrailFilter())).Rows.Count, null);
        await RowAsync(house, "one entry in full", async () => await read.DetailAsync(house.Owner, newest.Seq / 3) is null ? 0 : 1, null);
    }

    private static async Task RowAsync(BenchHouse house, string name, Func<Task<int>> run, Func<Task>? raw)
    {
        var rows = 0;
        for (var i = 0; i < Warm; i++)
            rows = await run();
        var (took, floor, cpu) = (new List<double>(), new List<double>(), TimeSpan.Zero);
        for (var i = 0; i < Times; i++)
        {
            if (raw is not null)
                floor.Add(await TimeAsync(raw));
            var before = Environment.CpuUsage.TotalTime;
            took.Add(await TimeAsync(run));
            cpu += Environment.CpuUsage.TotalTime - before;
        }

        var cold = new List<double>();
        for (var i = 0; i < ColdTimes; i++)
        {
            SqliteConnection.ClearAllPools();
            MachineMemory.Forget(house.Paths.Database);
            cold.Add(await TimeAsync(run));
        }

        var p50 = At(took, 0.5);
        var rawP50 = raw is null ? double.NaN : At(floor, 0.5);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-40} {rows,4} {Number(rawP50),8} {p50,7:0.00} {At(took, 0.99),7:0.00} {cpu.TotalMilliseconds / Times,7:0.00} {Number(p50 / rawP50),6} {At(cold, 0.5),9:0.0} {cold.Max(),9:0.0}"));
    }

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var start = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double At(List<double> times, double part) => times.Order().ElementAt((int)(times.Count * part));

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>The floor: the same rows with the same names in plain SQL, on a connection of the driver's pool.</summary>
internal sealed class RawPage(string file)
{
    private const string Columns = """
        SELECT t.Seq, t.RecordedAt, t.Type, t.Emergency, t.ActorId, t.PersonId, t.IdentityId, t.RequestId, t.SessionId, t.Payload,
            (SELECT Name FROM People WHERE Id = t.ActorId), (SELECT Name FROM People WHERE Id = t.PersonId), (SELECT Name FROM Identities WHERE Id = t.IdentityId)
        """;

    public async Task ReadAsync(TrailFilter filter, long? before)
    {
        await using var connection = new SqliteConnection($"Data Source={file}");
        await connection.OpenAsync();
        var from = filter.From is { } f ? await FirstAsync(connection, f) : 0;
        var until = Math.Min(filter.Until is { } u ? await FirstAsync(connection, u) : long.MaxValue, before ?? long.MaxValue);
        await using var command = connection.CreateCommand();
        var match = Match(filter);
        command.CommandText = match.Length == 0
            ? $"{Columns} FROM Trail t WHERE t.Seq >= $from AND t.Seq < $until ORDER BY t.Seq DESC LIMIT 51"
            : $"{Columns} FROM (SELECT rowid AS Found FROM TrailWords WHERE TrailWords MATCH $match AND rowid >= $from AND rowid < $until ORDER BY rowid DESC LIMIT 51) JOIN Trail t ON t.Seq = Found ORDER BY t.Seq DESC";
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$until", until);
        if (match.Length > 0)
            command.Parameters.AddWithValue("$match", match);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            for (var i = 0; i < reader.FieldCount; i++)
                reader.GetValue(i);
        }
    }

    private static string Match(TrailFilter filter)
    {
        List<string> marks = [];
        if (filter.Emergency)
            marks.Add(TrailMarks.Emergency);
        if (filter.Person is { } person)
            marks.Add(TrailMarks.Person(person));
        if (filter.Type is { } type)
            marks.Add(TrailMarks.Type(type));
        if (filter.Identity is { } identity)
            marks.Add(TrailMarks.Identity(identity));
        return string.Join(" AND ", (marks.Count > 1 ? TrailMarks.Pairs(marks) : marks).Select(m => $"marks : \"{m}\"").Concat(TrailWords.Conditions(filter.Text)));
    }

    private static async Task<long> FirstAsync(SqliteConnection connection, Instant at)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Seq FROM Trail WHERE RecordedAt >= $at ORDER BY RecordedAt, Seq LIMIT 1";
        command.Parameters.AddWithValue("$at", at.ToUnixTimeMilliseconds());
        return await command.ExecuteScalarAsync() is long seq ? seq : long.MaxValue;
    }
}

/// <summary>What the machine keeps of a file in its memory.</summary>
internal static partial class MachineMemory
{
    private const int DontNeed = 4;

    /// <summary>Lets it forget the file, on Linux; elsewhere it stays warm.</summary>
    public static void Forget(string file)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (Advise((int)handle.DangerousGetHandle(), 0, 0, DontNeed) != 0)
            throw new IOException("The machine does not forget the file.");
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);
}
