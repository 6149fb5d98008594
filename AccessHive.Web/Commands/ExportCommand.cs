using System.Globalization;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Audit.UseCases.Formats;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Web.Features.Audit;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Start;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Web.Commands;

/// <summary>
/// <c>export</c>: the trail as a file or on the standard output, beside a house that runs or not. What it is doing is
/// said on the standard error, so that the output is nothing but the export.
/// </summary>
public static class ExportCommand
{
    /// <summary>What the shell is told after Ctrl+C.</summary>
    public const int Interrupted = 130;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly string[] valued = ["--format", "--out", "--after", "--filter", "--person", "--identity", "--type", "--words", "--from", "--until", "--passphrase-file"];

    /// <summary>Runs it.</summary>
    /// <returns>The exit code: 0 done, 1 refused with one sentence, 2 not understood, 130 interrupted.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var (options, answer) = CommandOptions.Parse("export", args, words: 0, valued, ["--follow", "--emergency", "--without-personal"]);
        if (options is null)
            return answer.Say();
        if (ExportFormats.Find(options.Value("--format")) is not { } format)
            return new StartAnswer($"export needs a --format: {string.Join(", ", ExportFormats.All.Select(f => f.Id))}; see --help.", 2).Say();
        var after = 0L;
        if (options.Value("--after") is { } cursor && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            return new StartAnswer("--after needs the number of an entry; see --help.", 2).Say();

        using var enough = new CancellationTokenSource();
        void Stop(object? sender, ConsoleCancelEventArgs pressed)
        {
            pressed.Cancel = true;
            enough.Cancel();
        }

        Console.CancelKeyPress += Stop;
        try
        {
            await using var house = await ConsoleHouse.OpenAsync(options.Paths);
            var wish = new ExportWish(format.Id, await FilterAsync(house, options), after, !options.Has("--without-personal"));
            return await WriteAsync(house, wish, options, enough.Token);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            return options.Has("--follow") ? 0 : new StartAnswer("Interrupted: what was written is not the whole of it.", Interrupted).Say();
        }
        catch (IOException gone)
        {
            return new StartAnswer($"The export can't be written ({gone.Message.TrimEnd('.')}): what was written is not the whole of it.", 1).Say();
        }
        finally
        {
            Console.CancelKeyPress -= Stop;
        }
    }

    private static async Task<int> WriteAsync(ConsoleHouse house, ExportWish wish, CommandOptions options, CancellationToken enough)
    {
        var target = options.Value("--out") is { } file ? System.IO.Path.GetFullPath(file) : null;
        var goesOn = wish.After > 0 || options.Has("--follow");
        if (target is not null && File.Exists(target) && !goesOn)
            throw new CannotStartException($"{target} is there already, and export overwrites nothing: choose another name, or go on in it with --after N.");
        // Whole or not at all: only what goes on in a file is written into it while it grows.
        var part = target is null || goesOn ? target : target + ".part";
        try
        {
            await using (var to = part is null ? Console.OpenStandardOutput() : Open(part))
            {
                for (var first = true; ; first = false)
                {
                    var begun = await BeginAsync(house, wish, noting: first);
                    if (first || begun.Entries > 0)
                    {
                        await house.Get<ExportTrail>().WriteAsync(begun, to, new Progress(begun.Entries), enough);
                        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ExportWords.Entries(begun.Entries)} written. Go on with --after {begun.Next}."));
                    }

                    if (!options.Has("--follow"))
                        break;
                    wish = wish with { After = begun.Next };
                    await Task.Delay(LookAgain, TimeProvider.System, enough);
                }
            }

            if (part != target)
                File.Move(part!, target!);
            return 0;
        }
        catch when (part is not null && part != target)
        {
            File.Delete(part);
            throw;
        }
    }

    private static async Task<BegunExport> BeginAsync(ConsoleHouse house, ExportWish wish, bool noting)
    {
        var export = house.Get<ExportTrail>();
        try
        {
            return (await export.BeginAtConsoleAsync(wish, noting)).Require();
        }
        catch (Exception fault) when (noting && fault is DbUpdateException or SqliteException)
        {
            // A copy on a read-only disk can be exported too; it is said where somebody sees it.
            Console.Error.WriteLine("The export could not be noted in the trail, because the house can't be written.");
            return (await export.BeginAtConsoleAsync(wish, noting: false)).Require();
        }
    }

    private static async Task<TrailFilter> FilterAsync(ConsoleHouse house, CommandOptions options)
    {
        var clock = house.Get<HiveClock>();
        var zone = new ReaderZone(clock);
        zone.Use(await house.Get<KeepFilters>().ZoneAsync());
        var filter = new TrailFilter();
        if (options.Value("--filter") is { } name)
        {
            var kept = await house.Get<KeepFilters>().FindAtConsoleAsync(name);
            filter = kept switch
            {
                [var one] => AuditQuery.ParseFilter(one.Query).Filter(zone, clock.Now),
                [] => throw new CannotStartException($"Nobody keeps a filter {name}: check its name, or say what you want with --emergency, --person, --type."),
                _ => throw new CannotStartException($"Several people keep a filter {name}: name one by its id: {string.Join(", ", kept.Select(k => $"{k.Id} of {k.Owner}"))}."),
            };
        }

        if (options.Has("--emergency"))
            filter = filter with { Emergency = true };
        if (options.Value("--type") is { } type)
            filter = filter with { Type = ReadTrail.Types.Contains(type, StringComparer.Ordinal) ? type : throw new CannotStartException($"There is no kind of entry {type}: for example request.raised or session.started.") };
        if (options.Value("--words") is { } words)
            filter = filter with { Text = words };
        if (options.Value("--person") is { } person)
            filter = filter with { Person = new PersonId(One("person", person, await house.Get<FindSubjects>().PeopleAtConsoleAsync(person))) };
        if (options.Value("--identity") is { } identity)
            filter = filter with { Identity = new IdentityId(One("identity", identity, await house.Get<FindSubjects>().IdentitiesAtConsoleAsync(identity))) };
        if (options.Value("--from") is { } from)
            filter = filter with { From = At(from, zone) };
        if (options.Value("--until") is { } until)
            filter = filter with { Until = At(until, zone) };
        return filter;
    }

    private static Guid One(string what, string name, IReadOnlyList<TrailSubject> found) => found switch
    {
        [var one] => one.Id,
        [] => throw new CannotStartException($"There is no {what} {name}: give the whole name, the address or the id."),
        _ => throw new CannotStartException($"There are several called {name}: give the id: {string.Join(", ", found.Select(f => $"{f.Id} ({f.Detail})"))}."),
    };

    private static Instant At(string text, ReaderZone zone)
    {
        if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var day })
            return zone.StartOf(day);
        return InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var at }
            ? at
            : throw new CannotStartException($"{text} is no day and no instant: write 2026-11-24, or 2026-11-24T09:00:00Z.");
    }

    private static FileStream Open(string file)
    {
        var how = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(file, how);
    }

    // At most twenty lines, however many entries there are.
    private sealed class Progress(long entries) : IProgress<long>
    {
        private const int Lines = 20;
        private long told;

        public void Report(long value)
        {
            var line = value * Lines / Math.Max(1, entries);
            if (line == told || value == entries)
                return;
            told = line;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value:N0} of {entries:N0} entries."));
        }
    }
}
