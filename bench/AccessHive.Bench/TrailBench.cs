using System.Diagnostics;
using System.Globalization;
using AccessHive.Core.Audit.UseCases;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Bench;

/// <summary>Every filter and the usual combinations, through the product's own query, beside the floor: a page by number in plain SQL.</summary>
public static class TrailBench
{
    private const int Warm = 10;
    private const int Times = 60;

    public static async Task RunAsync(BenchHouse house)
    {
        await using var db = await house.ReadAsync();
        var newest = await db.Trail.OrderByDescending(e => e.Seq).FirstAsync();
        var oldest = await db.Trail.OrderBy(e => e.Seq).FirstAsync();
        var middle = Instant.FromUnixTimeMilliseconds((newest.RecordedAt + oldest.RecordedAt) / 2);
        var day = Duration.FromDays(1);
        var read = house.Get<ReadTrail>();
        var rare = TrailFill.RarePerson;
        var often = TrailFill.Person(7);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{newest.Seq:N0} entries, {new FileInfo(house.Paths.Database).Length / 1_000_000:N0} MB, {Times} runs each, warm"));
        Console.WriteLine($"{"page of 50",-44} {"rows",5} {"p50 ms",8} {"p99 ms",8} {"cpu ms",8} {"× floor",8}");
        var floor = await RowAsync("floor: plain SQL by number", 0, () => FloorAsync(house));
        foreach (var (name, filter, before) in new (string, TrailFilter, long?)[]
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
            ("person + type", new(Person: often, Type: "credential.edited"), null),
            ("emergency + identity", new(Emergency: true, Identity: TrailFill.Identity(77)), null),
            ("emergency + type + day", new(Emergency: true, Type: "session.started", From: middle, Until: middle + day), null),
            ("rare person + common word", new(Person: rare, Text: TrailFill.CommonWord), null),
            ("person + common word", new(Person: often, Text: TrailFill.CommonWord), null),
            ("emergency + common word + first half", new(Emergency: true, Text: TrailFill.CommonWord, Until: middle), null),
            ("emergency + no match", new(Emergency: true, Text: "nothingofthekind"), null),
            ("type that never occurs in emergencies", new(Emergency: true, Type: "identity.added"), null),
        })
        {
            await RowAsync(name, floor, async () => (await read.PageAsync(house.Owner, filter, before)).Rows.Count);
        }

        await RowAsync("somebody else's own entries", floor, async () => (await read.PageAsync(Core.Kernel.PersonId.New(), new TrailFilter())).Rows.Count);
        await RowAsync("one entry in full", floor, async () => await read.DetailAsync(house.Owner, newest.Seq / 3) is null ? 0 : 1);
    }

    private static async Task<double> RowAsync(string name, double floor, Func<Task<int>> run)
    {
        var rows = 0;
        for (var i = 0; i < Warm; i++)
            rows = await run();
        var took = new double[Times];
        var cpu = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await run();
            took[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        var cpuEach = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Times;
        Array.Sort(took);
        var (p50, p99) = (took[Times / 2], took[(int)(Times * 0.99)]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44} {rows,5} {p50,8:0.00} {p99,8:0.00} {cpuEach,8:0.00} {(floor > 0 ? (p50 / floor).ToString("0.0", CultureInfo.InvariantCulture) : ""),8}"));
        return p50;
    }

    private static async Task<int> FloorAsync(BenchHouse house)
    {
        await using var connection = new SqliteConnection($"Data Source={house.Paths.Database}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Seq, RecordedAt, Type, Emergency, ActorId, PersonId, IdentityId, RequestId, SessionId FROM Trail WHERE Seq < $1 ORDER BY Seq DESC LIMIT 51";
        command.Parameters.AddWithValue("$1", long.MaxValue);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync())
            rows++;
        return rows;
    }
}
