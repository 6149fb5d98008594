using System.Text;
using System.Text.RegularExpressions;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>A sheet from a real file field into the vault, and one-time and recovery codes on real glasses – and none of it anywhere else.</summary>
[Collection<BrowserTests>]
public sealed partial class ManagedCredentialTests(Chromium chromium)
{
    private const string Seed = "NRQWIZLSNZUW4ZZAONUGK2LOMRSWK3TH";
    private const string Imported = "kanari-imported-9Kx2";
    private const string Code = "kanari-code-";

    // A hundred rows with every line of the log kept.
    private const float Patience = 60_000;

    [Fact]
    public async Task A_sheet_is_imported_with_its_broken_line_named_and_what_was_in_it_is_only_on_the_glass()
    {
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Time: new FakeTime(), LogsEverything: true));
        await using var ian = await Person.SignedInAsync(chromium, house.Url, "Ian", "/identities/import");
        var rows = string.Concat(Enumerable.Range(2, 120).Select(line => line == 47 ? $"Broken,{Imported}-broken,NOT1BASE32,\r\n" : $"Imported {line:000},{Imported}-{line},{Seed},\"{Code}1\n{Code}2\"\r\n"));
        await ian.Page.GetByLabel("File with comma-separated values").SetInputFilesAsync(new FilePayload { Name = "sheet.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes($"Name,Password,TOTP,Recovery codes\r\n{rows}") });
        await Button(ian, "Read the file").ClickAsync();
        await Button(ian, "Dry run").ClickAsync();
        await Assertions.Expect(ian.Page.Locator("#import-result")).ToContainTextAsync("1 row has a problem", new() { Timeout = Patience });
        // 45 rows before it have two lines each.
        await Assertions.Expect(ian.Page.Locator("tbody th")).ToHaveTextAsync("92");
        await ian.Page.GetByRole(AriaRole.Button, new() { Name = "Import 119 identities" }).ClickAsync();
        await Assertions.Expect(ian.Page.Locator("#import-result")).ToContainTextAsync("119 identities and 119 credentials added", new() { Timeout = Patience });
        Assert.DoesNotContain("kanari", await ian.Page.ContentAsync(), StringComparison.Ordinal);

        var row = Assert.Single((await house.Get<IdentityQueries>().ListAsync(new IdentityFilter("Imported 002"))).Rows);
        var credential = (await house.Get<IdentityQueries>().PageAsync(house.Ian, row.Id))!.Credentials.Single();
        var session = await house.GrantAsync(house.Adam, credential: credential.Id);
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/sessions/{session}");

        await Button(adam, "Show One-time code").ClickAsync();
        await Shown(adam).WaitForAsync();
        Assert.Matches(SixDigits(), await adam.VisibleTreeAsync());
        Assert.Contains("Valid for", await adam.VisibleTreeAsync(), StringComparison.Ordinal);
        await HideAsync(adam);
        await Button(adam, "Use one Recovery code").ClickAsync();
        await Shown(adam).WaitForAsync();
        Assert.Contains($"{Code}1", await adam.VisibleTreeAsync(), StringComparison.Ordinal);
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("1 of 2 left");
        await HideAsync(adam);
        await Button(adam, "Reveal Password").ClickAsync();
        await Shown(adam).WaitForAsync();
        Assert.Contains($"{Imported}-2", await adam.VisibleTreeAsync(), StringComparison.Ordinal);
        await HideAsync(adam);
        Assert.DoesNotContain("kanari", await adam.VisibleTreeAsync(), StringComparison.Ordinal);

        var places = ian.Frames.Concat(adam.Frames).Concat(house.Log.Lines.Select(l => Encoding.UTF8.GetBytes(l.Text))).ToList();
        Assert.Contains(places, p => p.AsSpan().IndexOf("Imported 002"u8) >= 0);
        foreach (var needle in new[] { "kanari", Seed })
            Assert.DoesNotContain(places, p => p.AsSpan().IndexOf(Encoding.UTF8.GetBytes(needle)) >= 0 || p.AsSpan().IndexOf(Encoding.Unicode.GetBytes(needle)) >= 0);
    }

    [Fact]
    public async Task A_key_file_is_chosen_as_a_file_and_downloaded_byte_for_byte()
    {
        await using var house = await RunningHouse.OpenAsync();
        var key = Encoding.UTF8.GetBytes("{\r\n  \"private_key\": \"-----BEGIN KEY-----\\nä\"\r\n}\n");
        await using var ian = await Person.SignedInAsync(chromium, house.Url, "Ian", $"/identities/{house.Ads}");
        await Button(ian, "Add credential").ClickAsync();
        var dialog = ian.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByLabel("Label")).ToBeFocusedAsync();
        await dialog.GetByLabel("Type").SelectOptionAsync(nameof(CredentialType.KeyFile));
        await dialog.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "robot.json", MimeType = "application/json", Buffer = key });
        await Assertions.Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("robot.json");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add credential" }).ClickAsync();
        await Assertions.Expect(ian.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(2);

        var card = (await house.Get<IdentityQueries>().PageAsync(house.Ian, house.Ads))!.Credentials.Single(c => c.Type == CredentialType.KeyFile);
        var session = await house.GrantAsync(house.Adam, credential: card.Id);
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", $"/sessions/{session}");
        var download = await adam.Page.RunAndWaitForDownloadAsync(() => Button(adam, "Download Key file as a file").ClickAsync());

        Assert.Equal("Key-file.json", download.SuggestedFilename);
        Assert.Equal(key, await File.ReadAllBytesAsync((await download.PathAsync())!));
        Assert.Single(await house.TrailAsync("session.secret-downloaded"));
    }

    private static ILocator Button(Person person, string name) => person.Page.GetByRole(AriaRole.Button, new() { Name = name }).First;

    private static async Task HideAsync(Person person)
    {
        await Button(person, "Hide").ClickAsync();
        await Assertions.Expect(Shown(person)).ToHaveCountAsync(0);
    }

    private static ILocator Shown(Person person) => person.Page.Locator(".ah-glass[data-glass=shown]");

    [GeneratedRegex(@"\b\d{6}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SixDigits();
}
