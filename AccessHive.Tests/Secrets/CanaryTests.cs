using System.Collections.Concurrent;
using System.Text;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AccessHive.Tests.Secrets;

/// <summary>Promise 11: a secret appears nowhere but on the glass.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private const string First = "canary-Vx7!first-tweet-of-the-day";
    private const string Second = "canary-Qz9!second-tweet-of-the-day";
    private readonly ListeningLog log = new();
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync()
        => agency = await TestAgency.FoundAsync(services => services.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(log)));

    public async ValueTask DisposeAsync()
    {
        await agency.DisposeAsync();
        log.Dispose();
    }

    [Fact]
    public async Task After_a_whole_life_a_secret_is_in_no_log_no_database_file_no_trail_and_no_page()
    {
        var (identity, credential) = await agency.KeepAsync("Canary – Cage", First);
        using var listener = agency.Get<LiveFeed>().Subscribe();
        await agency.Get<TrailPump>().PumpAsync(default);
        var session = await agency.GrantAsync(agency.Adam, credential: credential);
        Assert.Equal(First, (await agency.RevealAsync(agency.Adam, session)).Require());
        await agency.RevealAsync(agency.Max, session);
        (await agency.Get<KeepIdentities>().ChangeSecretAsync(agency.Ian, credential, Encoding.UTF8.GetBytes(Second))).Require();
        await agency.Get<KeepIdentities>().ChangeSecretAsync(agency.Max, credential, Encoding.UTF8.GetBytes(Second));
        Assert.Equal(Second, (await agency.RevealAsync(agency.Adam, session)).Require());
        await agency.SqlAsync("CREATE TRIGGER Broken BEFORE INSERT ON Trail BEGIN SELECT RAISE(ABORT, 'disk'); END");
        await Assert.ThrowsAnyAsync<Exception>(() => agency.RevealAsync(agency.Adam, session));
        await Assert.ThrowsAnyAsync<Exception>(() => agency.Get<KeepIdentities>().ChangeSecretAsync(agency.Ian, credential, Encoding.UTF8.GetBytes(First)));
        await agency.SqlAsync("DROP TRIGGER Broken");
        var shown = new StringBuilder()
            .Append(await agency.Get<IdentityQueries>().PageAsync(agency.Adam, identity))
            .Append(await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter()))
            .Append(await agency.Get<SessionQueries>().PageAsync(agency.Adam, session))
            .Append(await agency.Get<RevealCredentialHandler>().HandleAsync(agency.Adam, new RevealCredential(session, Core.Sessions.RevealMode.Copied)));
        await foreach (var item in Everything(listener))
            shown.Append(item);
        for (var seq = 1; await agency.Get<ReadTrail>().DetailAsync(agency.Aiko, seq) is { } detail; seq++)
            shown.Append(detail).AppendJoin(' ', detail.Facts);
        await agency.Get<EndSessionHandler>().RevokeAsync(agency.Olivia, session, "Enough.");

        NothingIn(Encoding.UTF8.GetBytes(shown.ToString()), "what is shown");
        FilesAreClean();
        await agency.RestartAsync();
        FilesAreClean();
        Assert.True(log.Lines.Count > 500, "The log was not listening.");
        Assert.Contains(log.Lines, l => l.Contains("INSERT INTO \"Secrets\"", StringComparison.Ordinal));
        NothingIn(Encoding.UTF8.GetBytes(string.Join('\n', log.Lines)), "the log");
    }

    [Fact]
    public async Task Seeds_codes_and_imported_secrets_are_in_no_log_no_database_file_no_trail_no_report_and_no_page()
    {
        const string seed = "NRQWIZLSNZUW4ZZAONUGK2LOMRSWK3TH";
        var canaries = new[] { seed, $"{First}-recovery-1", $"{First}-recovery-2", $"{First}-imported", $"{First}-broken", $"{First}-unmapped" };
        var keep = agency.Get<KeepIdentities>();
        var import = agency.Get<ImportIdentities>();
        (await keep.ChangeFieldAsync(agency.Ian, agency.AdsPassword, FieldKind.TotpSeed, Encoding.UTF8.GetBytes(seed))).Require();
        (await keep.ChangeFieldAsync(agency.Ian, agency.AdsPassword, FieldKind.RecoveryCodes, Encoding.UTF8.GetBytes($"{canaries[1]}\n{canaries[2]}"))).Require();
        await keep.ChangeFieldAsync(agency.Max, agency.AdsPassword, FieldKind.TotpSeed, Encoding.UTF8.GetBytes(seed));
        var sheet = $"Name,Type,Password,TOTP,Recovery codes,Other\nImported,,{canaries[3]},{seed},{canaries[1]};{canaries[2]},{canaries[5]}\nBroken,nonsense,{canaries[4]},{canaries[4]},{canaries[4]},{canaries[5]}\n\"Shifted\"{canaries[4]},{canaries[4]},x\n{canaries[4]},x,x,x,x,x,x,{canaries[4]}\n";
        var file = (await import.ReceiveAsync(agency.Ian, "sheet.csv", Encoding.UTF8.GetBytes(sheet))).Require();
        var shown = new StringBuilder().Append(file);
        shown.AppendJoin(' ', import.Columns(agency.Ian, file.Id, file.Guess).Require().SelectMany(c => c.Samples.Append(c.Header)));
        foreach (var report in new[] { (await import.CheckAsync(agency.Ian, file.Id, file.Guess)).Require(), (await import.ImportAsync(agency.Ian, file.Id, file.Guess)).Require() })
            shown.Append(report).AppendJoin(' ', report.Lines).AppendJoin(' ', report.Lines.SelectMany(l => l.Problem?.Facts.Values ?? []));
        var session = await agency.GrantAsync(agency.Adam);
        Assert.Equal(canaries[1], (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Require());
        var code = (await agency.RevealAsync(agency.Adam, session, FieldKind.TotpSeed)).Require();
        using var exported = new MemoryStream();
        (await agency.Get<ExportIdentities>().WriteAsync(agency.Ian, new IdentityFilter(), () => exported)).Require();
        shown.Append(Encoding.UTF8.GetString(exported.ToArray()));
        shown.Append(await agency.Get<IdentityQueries>().PageAsync(agency.Ian, agency.Ads)).AppendJoin(' ', await agency.Get<IdentityQueries>().VersionsAsync(agency.Ian, agency.AdsPassword));
        shown.Append(await agency.Get<SessionQueries>().PageAsync(agency.Adam, session));
        for (var seq = 1; await agency.Get<ReadTrail>().DetailAsync(agency.Aiko, seq) is { } detail; seq++)
            shown.Append(detail).AppendJoin(' ', detail.Facts);
        await agency.LeaveAsync();

        Assert.Equal(6, code.Length);
        var places = Directory.GetFiles(agency.Paths.DataFolder).Select(File.ReadAllBytes)
            .Append(Encoding.UTF8.GetBytes(shown.ToString())).Append(Encoding.UTF8.GetBytes(string.Join('\n', log.Lines))).ToList();
        Assert.Contains(log.Lines, l => l.Contains("INSERT INTO \"CredentialFields\"", StringComparison.Ordinal));
        Assert.Contains(places, p => p.AsSpan().IndexOf("import.finished"u8) >= 0);
        foreach (var canary in canaries)
        {
            foreach (var form in Forms(canary))
                Assert.DoesNotContain(places, p => p.AsSpan().IndexOf(form) >= 0);
        }

        var raw = OtpNet.Base32Encoding.ToBytes(seed);
        Assert.DoesNotContain(places, p => p.AsSpan().IndexOf(raw) >= 0);
    }

    [Fact]
    public void A_canary_in_any_of_its_forms_would_be_found()
    {
        foreach (var form in Forms(First))
            Assert.Throws<Xunit.Sdk.FailException>(() => NothingIn([0, 1, 2, .. form, 3], "the test's own bytes"));
    }

    private static IEnumerable<byte[]> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return bytes;
        yield return Encoding.Unicode.GetBytes(secret);
        yield return Encoding.UTF8.GetBytes(Convert.ToBase64String(bytes).TrimEnd('=')[..^2]);
        yield return Encoding.UTF8.GetBytes(Convert.ToHexString(bytes));
        yield return Encoding.UTF8.GetBytes(Convert.ToHexStringLower(bytes));
    }

    private static void NothingIn(byte[] haystack, string where)
    {
        foreach (var form in new[] { First, Second }.SelectMany(Forms))
        {
            if (haystack.AsSpan().IndexOf(form) >= 0)
                Assert.Fail($"A secret is in {where}.");
        }
    }

    private static async IAsyncEnumerable<FeedItem?> Everything(LiveFeed.Listener listener)
    {
        listener.Dispose();
        await foreach (var item in listener.ReadAsync(default))
            yield return item;
    }

    private void FilesAreClean()
    {
        var files = Directory.GetFiles(agency.Paths.DataFolder);
        Assert.Contains(files, f => f.EndsWith(".db", StringComparison.Ordinal));
        foreach (var file in files)
        {
            using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            open.CopyTo(copy);
            NothingIn(copy.ToArray(), Path.GetFileName(file));
        }
    }

    /// <summary>Keeps everything that anybody logs, with every value handed over.</summary>
    private sealed class ListeningLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
                Lines.Enqueue(string.Join(' ', values.Select(v => $"{v.Key}={v.Value}")));
        }

        public void Dispose()
        {
        }
    }
}
