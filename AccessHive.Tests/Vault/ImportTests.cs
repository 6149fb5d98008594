using System.Diagnostics;
using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Vault;

public sealed class ImportTests : IAsyncLifetime
{
    private const string Header = "Name,Client,Platform,Type,Risk,User name,Password,TOTP,Recovery codes,Notes";
    private TestAgency agency = null!;

    private ImportIdentities Import => agency.Get<ImportIdentities>();

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Five_thousand_rows_come_in_with_progress_and_line_4711_is_named_and_nothing_of_it_is_stored()
    {
        var text = new StringBuilder(Header).Append('\n');
        for (var line = 2; line <= 5001; line++)
            text.Append(line == 4711 ? $"Broken {line},Client {line % 40},Google Ads,,High,broken-user,broken-secret-4711,NOT1BASE32,,\n" : $"Account {line},Client {line % 40},Google Ads,,High,user-{line},secret-{line},,,\n");
        var file = await SendAsync(text.ToString());
        var progress = new Seen();
        Task<TimeSpan>? emergency = null;
        progress.On = seen =>
        {
            if (seen.Done > 1000 && emergency is null)
                emergency = Task.Run(EmergencyAsync);
        };
        var clock = Stopwatch.StartNew();

        var dry = (await Import.CheckAsync(agency.Ian, file.Id, file.Guess)).Require();
        var checkedIn = clock.Elapsed;
        Assert.Equal(new ImportCounts(4999, 4999, 0, 1), dry.Counts);
        await using (var untouched = await agency.ReadAsync())
            Assert.Equal(1, await untouched.Identities.CountAsync());
        clock.Restart();
        var report = (await Import.ImportAsync(agency.Ian, file.Id, file.Guess, progress)).Require();
        clock.Stop();

        Assert.Equal(dry.Counts, report.Counts);
        var problem = Assert.Single(report.Lines, l => l.Outcome == ImportOutcome.Problem);
        Assert.Equal((4711, VaultRefusals.OneTimeSeedNotUsable), (problem.Line, problem.Problem));
        var waited = await emergency!;
        await using var db = await agency.ReadAsync();
        Assert.Equal((5000, 5000), (await db.Identities.CountAsync(), await db.Credentials.CountAsync()));
        Assert.Equal(5000, await db.Secrets.CountAsync());
        Assert.Empty(await db.Identities.Where(i => i.Name.StartsWith("Broken")).ToListAsync());
        Assert.Empty(await db.Credentials.Where(c => c.UserName == "broken-user").ToListAsync());
        Assert.Equal(0, await db.CredentialFields.CountAsync());
        Assert.True(progress.All.Count > 100);
        Assert.Equal(progress.All.Select(p => p.Done).Order(), progress.All.Select(p => p.Done));
        Assert.Equal((5000, 5000), (progress.All[^1].Done, progress.All[^1].Total));
        Assert.Equal(4999, (await agency.TrailAsync("identity.added")).Count - 1);
        Assert.Single(await agency.TrailAsync("import.finished"));
        // Behind at most the batch under way; the bound is wide for a busy machine, the figure is in the guide.
        Assert.True(waited < TimeSpan.FromSeconds(10), $"An emergency waited for {waited}.");
        TestContext.Current.TestOutputHelper?.WriteLine($"dry run {checkedIn.TotalSeconds:0.0} s, import {clock.Elapsed.TotalSeconds:0.0} s, emergency in between {waited.TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task What_was_imported_can_be_revealed_field_by_field()
    {
        var file = await SendAsync($"{Header}\nNordwind – Meta,Nordwind,Meta,,Critical,ads,\"pass,\"\"word\"\"\nsecond line\",GEZDGNBVGY3TQOJQ,one; two;one,\"A note,\nwith two lines\"\n");

        var report = (await Import.ImportAsync(agency.Ian, file.Id, file.Guess)).Require();

        Assert.Equal(new ImportCounts(1, 1, 0, 0), report.Counts);
        var row = Assert.Single((await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter("nordwind"))).Rows);
        Assert.Equal(RiskLevel.Critical, row.Risk);
        var page = (await agency.Get<IdentityQueries>().PageAsync(agency.Ian, row.Id))!;
        Assert.Equal("A note,\nwith two lines", page.Details.Notes);
        Assert.Equal([(FieldKind.TotpSeed, 0), (FieldKind.RecoveryCodes, 2)], page.Credentials[0].Fields.Select(f => (f.Kind, f.Left)).Order());
        var session = await agency.GrantAsync(agency.Adam, credential: page.Credentials[0].Id);
        Assert.Equal("pass,\"word\"\nsecond line", (await agency.RevealAsync(agency.Adam, session)).Require());
        Assert.Equal("one", (await agency.RevealAsync(agency.Adam, session, FieldKind.RecoveryCodes)).Require());
        Assert.Equal(6, (await agency.RevealAsync(agency.Adam, session, FieldKind.TotpSeed)).Require().Length);
    }

    [Fact]
    public async Task Running_it_again_adds_nothing_and_the_same_identity_twice_gets_two_credentials()
    {
        const string text = $"{Header}\nNordwind – Meta,Nordwind,Meta,,,ads,one,,,\nNORDWIND – META,Nordwind,Meta,,,finance,two,,,\nNordwind – Meta,Nordwind,Meta,,,ads,three,,,\n";
        var first = await SendAsync(text);
        var dry = (await Import.CheckAsync(agency.Ian, first.Id, first.Guess)).Require();
        Assert.Equal([ImportOutcome.NewIdentity, ImportOutcome.NewCredential, ImportOutcome.ThereAlready], dry.Lines.Select(l => l.Outcome));
        Assert.Equal(dry.Counts, (await Import.ImportAsync(agency.Ian, first.Id, first.Guess)).Require().Counts);
        var trail = (await agency.TrailAsync()).Count;

        var again = await SendAsync(text);
        var report = (await Import.ImportAsync(agency.Ian, again.Id, again.Guess)).Require();

        Assert.Equal(new ImportCounts(0, 0, 3, 0), report.Counts);
        Assert.Equal(trail + 1, (await agency.TrailAsync()).Count);
    }

    [Theory]
    [InlineData(",c,p,,,u,s,,,", "identity-name-missing")]
    [InlineData("n,c,p,nonsense,,u,s,,,", "import-type-unknown")]
    [InlineData("n,c,p,,nonsense,u,s,,,", "import-risk-unknown")]
    [InlineData("n,c,p,,,u,,,,", "secret-missing")]
    [InlineData("n,c,p,,,u,s,abc1,,", "one-time-seed-not-usable")]
    [InlineData("n,c,p,API key,,u,s,GEZDGNBVGY3TQOJQ,,", "field-not-kept")]
    [InlineData("n,c,p,,,u,s,,,note,more", "import-too-many-cells")]
    [InlineData("n,c,p,,,u,\"s\"x,,,", "import-text-after-quote")]
    [InlineData("n,c,p,,,u,\"s,,,", "import-quote-open")]
    [InlineData("n,c,p,,,u,#REF!,,,", "import-spreadsheet-spoiled")]
    [InlineData("n,c,p,,,u,#N/A,,,", "import-spreadsheet-spoiled")]
    [InlineData("n,c,p,,,u,1.23457E+15,,,", "import-spreadsheet-spoiled")]
    [InlineData("n,c,p,Service account,,u,{\"broken\":,,,", "key-file-not-json")]
    public async Task A_broken_row_is_refused_as_a_whole_and_the_row_before_it_is_not(string row, string code)
    {
        var file = await SendAsync($"{Header}\nGood,c,p,,,u,s,,,\n{row}\n");

        foreach (var report in new[] { (await Import.CheckAsync(agency.Ian, file.Id, file.Guess)).Require(), (await Import.ImportAsync(agency.Ian, file.Id, file.Guess)).Require() })
        {
            Assert.Equal([(2, ImportOutcome.NewIdentity, null), (3, ImportOutcome.Problem, code)], report.Lines.Select(l => (l.Line, l.Outcome, l.Problem?.Code)));
        }

        await using var db = await agency.ReadAsync();
        Assert.Equal((2, 2), (await db.Identities.CountAsync(), await db.Credentials.CountAsync()));
    }

    [Theory]
    [InlineData("=HYPERLINK(\"\"x\"\")")]
    [InlineData("+49 30 1234")]
    [InlineData("@home")]
    [InlineData("1E+5 apples")]
    [InlineData("#hash!tag")]
    public async Task What_looks_like_a_formula_is_plain_text(string secret)
    {
        var file = await SendAsync($"{Header}\nFormula,c,p,,,=1+1,\"{secret}\",,,\n");

        Assert.Equal(new ImportCounts(1, 1, 0, 0), (await Import.ImportAsync(agency.Ian, file.Id, file.Guess)).Require().Counts);

        var row = Assert.Single((await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter("formula"))).Rows);
        var card = (await agency.Get<IdentityQueries>().PageAsync(agency.Ian, row.Id))!.Credentials[0];
        Assert.Equal("=1+1", card.UserName);
        Assert.Equal(secret.Replace("\"\"", "\"", StringComparison.Ordinal), (await agency.RevealAsync(agency.Adam, await agency.GrantAsync(agency.Adam, credential: card.Id))).Require());
    }

    [Theory]
    [InlineData("utf-8", false, "UTF-8", ',', "\n")]
    [InlineData("utf-8", true, "UTF-8", ';', "\r\n")]
    [InlineData("utf-16", true, "UTF-16", '\t', "\r\n")]
    [InlineData("windows-1252", false, "Windows-1252", ';', "\r\n")]
    [InlineData("utf-8", false, "UTF-8", '|', "\r")]
    public async Task What_a_spreadsheet_makes_of_it_is_read(string encoding, bool mark, string name, char separator, string newLine)
    {
        var text = $"Name,Kunde,Passwort\nMüller & Söhne,Größe – AG,geheim-ß\n".Replace(',', separator).Replace("\n", newLine, StringComparison.Ordinal);
        var how = encoding == "windows-1252" ? CodePagesEncodingProvider.Instance.GetEncoding(1252)! : Encoding.GetEncoding(encoding);

        var file = await SendAsync([.. mark ? how.GetPreamble() : [], .. how.GetBytes(text)]);

        Assert.Equal((name, separator, 2, true), (file.Encoding, file.Separator, file.Rows, file.Guess.HasHeader));
        Assert.Equal([ImportColumn.Name, ImportColumn.Client, ImportColumn.Secret], file.Guess.Columns);
        (await Import.ImportAsync(agency.Ian, file.Id, file.Guess)).Require();
        var row = Assert.Single((await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter("Söhne"))).Rows);
        Assert.Equal(("Müller & Söhne", "Größe – AG"), (row.Name, row.Client));
        var card = (await agency.Get<IdentityQueries>().PageAsync(agency.Ian, row.Id))!.Credentials[0];
        Assert.Equal("geheim-ß", (await agency.RevealAsync(agency.Adam, await agency.GrantAsync(agency.Adam, credential: card.Id))).Require());
    }

    [Fact]
    public async Task A_line_that_names_the_separator_is_heard_and_counted()
    {
        var file = await SendAsync("sep=;\r\nName;Password\r\nA,b;s\r\n");

        Assert.Equal((';', 2), (file.Separator, file.Rows));
        Assert.Equal("A,b", Assert.Single((await Import.CheckAsync(agency.Ian, file.Id, file.Guess)).Require().Lines).Name);
    }

    [Theory]
    [InlineData("PK\u0003\u0004rest of a workbook", "import-file-not-csv")]
    [InlineData("a\0b", "import-file-not-csv")]
    [InlineData(" \r\n ", "import-file-empty")]
    [InlineData("", "import-file-empty")]
    public async Task What_is_no_sheet_is_refused_in_words_and_zeroed(string text, string code)
    {
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(code, (await Import.ReceiveAsync(agency.Ian, "x.csv", bytes)).Refusal!.Code);

        Assert.All(bytes, b => Assert.Equal(0, b));
    }

    [Fact]
    public async Task Twenty_thousand_rows_fit_and_one_more_does_not()
    {
        var rows = string.Concat(Enumerable.Range(0, ImportSheet.MostRows).Select(i => $"a{i},b\n"));

        Assert.False((await Import.ReceiveAsync(agency.Ian, "x.csv", Encoding.UTF8.GetBytes("Name,Client\n" + rows))).IsRefused);
        Assert.Equal(ImportRefusals.TooManyRows, (await Import.ReceiveAsync(agency.Ian, "x.csv", Encoding.UTF8.GetBytes("Name,Client\n" + rows + "one,more\n"))).Refusal);
    }

    [Fact]
    public async Task Secrets_are_never_shown_and_neither_is_a_column_that_nobody_has_named()
    {
        var file = await SendAsync("Name,Password,Unheard of\nNordwind,twelve-chars,could-be-one\n");

        var columns = Import.Columns(agency.Ian, file.Id, file.Guess).Require();
        Assert.Equal(["Nordwind", "•••• 12 characters", "•••• 12 characters"], columns.Select(c => Assert.Single(c.Samples)));
        var noHeader = Import.Columns(agency.Ian, file.Id, new ImportMapping(false, new ImportColumn[3])).Require();
        Assert.All(noHeader, c => Assert.All(c.Samples, s => Assert.StartsWith("••••", s, StringComparison.Ordinal)));
        Assert.All(noHeader, c => Assert.Empty(c.Header));
    }

    [Fact]
    public async Task A_sheet_without_a_header_is_known_as_one()
    {
        var file = await SendAsync("Nordwind,password,secret-one\nOther,b,c\n");

        Assert.False(file.Guess.HasHeader);
        Assert.Equal(2, (await Import.CheckAsync(agency.Ian, file.Id, new ImportMapping(false, [ImportColumn.Name, ImportColumn.UserName, ImportColumn.Secret]))).Require().Counts.Identities);
    }

    [Fact]
    public async Task A_mapping_needs_a_name_and_no_column_twice()
    {
        var file = await SendAsync("a,b\nc,d\n");

        Assert.Equal(ImportRefusals.NameColumnMissing, (await Import.CheckAsync(agency.Ian, file.Id, new ImportMapping(true, [ImportColumn.Secret, ImportColumn.Ignore]))).Refusal);
        Assert.Equal(ImportRefusals.ColumnTwice, (await Import.ImportAsync(agency.Ian, file.Id, new ImportMapping(true, [ImportColumn.Name, ImportColumn.Name]))).Refusal);
    }

    [Fact]
    public async Task The_file_belongs_to_one_person_and_is_zeroed_after_twenty_minutes_or_when_it_is_done()
    {
        var bytes = Encoding.UTF8.GetBytes("Name,Password\nNordwind,secret\n");
        var file = (await Import.ReceiveAsync(agency.Ian, "x.csv", bytes)).Require();
        Assert.Equal(ImportRefusals.FileGone, Import.Find(agency.Adam, file.Id).Refusal);
        agency.Time.Advance(ImportUploads.Kept - Duration.FromMilliseconds(1));
        Assert.False(Import.Find(agency.Ian, file.Id).IsRefused);
        agency.Time.Advance(Duration.FromMilliseconds(1));
        Assert.Equal(ImportRefusals.FileGone, Import.Find(agency.Ian, file.Id).Refusal);
        Assert.All(bytes, b => Assert.Equal(0, b));

        var second = Encoding.UTF8.GetBytes("Name,Password\nNordwind,secret\n");
        var replaced = (await Import.ReceiveAsync(agency.Ian, "x.csv", second)).Require();
        var third = Encoding.UTF8.GetBytes("Name,Password\nNordwind,secret\n");
        var last = (await Import.ReceiveAsync(agency.Ian, "x.csv", third)).Require();
        Assert.All(second, b => Assert.Equal(0, b));
        Assert.Equal(ImportRefusals.FileGone, (await Import.ImportAsync(agency.Ian, replaced.Id, replaced.Guess)).Refusal);
        (await Import.ImportAsync(agency.Ian, last.Id, last.Guess)).Require();
        Assert.All(third, b => Assert.Equal(0, b));
        Assert.Equal(ImportRefusals.FileGone, (await Import.ImportAsync(agency.Ian, last.Id, last.Guess)).Refusal);
        Assert.NotNull(Import.Report(agency.Ian, last.Id));
    }

    [Fact]
    public async Task Cancelling_ends_it_between_two_batches_and_going_on_passes_over_what_is_there()
    {
        var file = await SendAsync(Rows(200));
        using var cancel = new CancellationTokenSource();
        var progress = new Seen { On = seen => { if (seen.Done >= 80) cancel.Cancel(); } };

        var report = (await Import.ImportAsync(agency.Ian, file.Id, file.Guess, progress, cancel.Token)).Require();

        Assert.True(report.WasCancelled);
        Assert.Equal((80, 120), (report.Counts.Identities, report.Lines.Count(l => l.Outcome == ImportOutcome.NotReached)));
        var rest = (await Import.ImportAsync(agency.Ian, file.Id, file.Guess)).Require();
        Assert.Equal(new ImportCounts(120, 120, 80, 0), rest.Counts);
        Assert.Equal(2, (await agency.TrailAsync("import.finished")).Count);
    }

    [Fact]
    public async Task Who_loses_the_role_on_the_way_imports_no_further()
    {
        var file = await SendAsync(Rows(120));
        var progress = new Seen
        {
            On = seen =>
            {
                if (seen.Done == 40)
                    agency.Get<Core.Agency.UseCases.ManagePeople>().DisableAsync(agency.Olivia, agency.Ian).GetAwaiter().GetResult().Require();
            },
        };

        var report = (await Import.ImportAsync(agency.Ian, file.Id, file.Guess, progress)).Require();

        Assert.Equal((40, 80, "caller-not-active"), (report.Counts.Identities, report.Lines.Count(l => l.Outcome == ImportOutcome.NotReached), report.Stopped!.Code));
    }

    [Fact]
    public async Task A_batch_whose_entry_cannot_be_written_leaves_nothing()
    {
        var file = await SendAsync(Rows(60));
        var progress = new Seen
        {
            On = seen =>
            {
                if (seen.Done == 40)
                    agency.SqlAsync("CREATE TRIGGER Broken BEFORE INSERT ON Trail BEGIN SELECT RAISE(ABORT, 'disk'); END").GetAwaiter().GetResult();
            },
        };

        await Assert.ThrowsAnyAsync<DbUpdateException>(() => Import.ImportAsync(agency.Ian, file.Id, file.Guess, progress));

        await using var db = await agency.ReadAsync();
        Assert.Equal((41, 41), (await db.Identities.CountAsync(), await db.Credentials.CountAsync()));
    }

    [Fact]
    public async Task Only_those_who_keep_the_vault_import()
    {
        foreach (var who in new[] { agency.Max, agency.Priya, agency.Aiko, agency.Sofia })
        {
            var bytes = "Name\nx\n"u8.ToArray();
            Assert.Equal(VaultRefusals.NotVaultManager, (await Import.ReceiveAsync(who, "x.csv", bytes)).Refusal);
            Assert.All(bytes, b => Assert.Equal(0, b));
        }
    }

    [Fact]
    public async Task An_archived_identity_is_not_filled_behind_its_back()
    {
        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: true)).Require();
        var file = await SendAsync($"{Header}\nBergmann – Google Ads,Bergmann Bikes,Google Ads,,,new,s,,,\n");

        Assert.Equal(ImportRefusals.IdentityArchived, Assert.Single((await Import.ImportAsync(agency.Ian, file.Id, file.Guess)).Require().Lines).Problem);
    }

    private static string Rows(int count) => $"{Header}\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"Account {i},c,p,,,u,secret-{i},,,\n"));

    private Task<ImportFile> SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    private async Task<ImportFile> SendAsync(byte[] bytes) => (await Import.ReceiveAsync(agency.Ian, "sheet.csv", bytes)).Require();

    private async Task<TimeSpan> EmergencyAsync()
    {
        var clock = Stopwatch.StartNew();
        (await agency.RaiseAsync(agency.Adam)).Require();
        return clock.Elapsed;
    }

    private sealed class Seen : IProgress<ImportProgress>
    {
        public List<ImportProgress> All { get; } = [];

        public Action<ImportProgress> On { get; set; } = _ => { };

        public void Report(ImportProgress value)
        {
            All.Add(value);
            On(value);
        }
    }
}
