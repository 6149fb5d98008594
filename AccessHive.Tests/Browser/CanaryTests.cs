using System.Collections.Concurrent;
using System.Text;
using AccessHive.Tests.World;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>One secret that occurs nowhere else, from the page on which it is entered to the end of the session – and then a search for it everywhere.</summary>
[Collection<BrowserTests>]
public sealed class CanaryTests(Chromium chromium)
{
    private const string Canary = "kanari+vogel-8Qz7/ÄΩ-4711";

    private static readonly (string Name, byte[] Bytes)[] forms =
    [
        ("UTF-8", Encoding.UTF8.GetBytes(Canary)),
        ("UTF-16", Encoding.Unicode.GetBytes(Canary)),
        ("UTF-16, big end first", Encoding.BigEndianUnicode.GetBytes(Canary)),
        ("base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)).TrimEnd('='))),
        ("base64 of UTF-16", Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.Unicode.GetBytes(Canary)).TrimEnd('='))),
        ("hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(Encoding.UTF8.GetBytes(Canary)))),
        ("escaped for an address", Encoding.ASCII.GetBytes(Uri.EscapeDataString(Canary))),
        ("escaped as JSON", Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(Canary)[1..^1])),
        ("its plain part", Encoding.ASCII.GetBytes("kanari+vogel")),
    ];

    private readonly ConcurrentQueue<(string Path, Task<byte[]> Body)> answers = [];
    private readonly ConcurrentQueue<string> addresses = [];
    private readonly List<(string Where, byte[] Bytes)> searched = [];

    [Fact]
    public async Task A_secret_is_nowhere_but_in_the_answer_to_the_glass()
    {
        await using var house = await RunningHouse.OpenAsync(new HouseWish(LogsEverything: true));
        await using var ian = Overheard(await Person.SignedInAsync(chromium, house.Url, "Ian", "/identities/new"));
        await using var adam = Overheard(await Person.SignedInAsync(chromium, house.Url, "Adam", "/identities"));
        await using var priya = Overheard(await Person.SignedInAsync(chromium, house.Url, "Priya"));

        await EnterAsync(ian);
        await AskAsync(adam, priya, new Uri(ian.Page.Url).AbsolutePath);
        await UseAsync(adam);
        await using var olivia = Overheard(await Person.SignedInAsync(chromium, house.Url, "Olivia"));
        await LookEverywhereAsync(olivia, new Uri(ian.Page.Url).AbsolutePath, new Uri(adam.Page.Url).AbsolutePath);
        foreach (var person in new[] { ian, adam, priya })
            await KeepPageAsync(person);

        await SearchAsync(house, [ian, adam, priya, olivia]);
    }

    private static async Task EnterAsync(Person ian)
    {
        await ian.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("The cage");
        await ian.Page.GetByRole(AriaRole.Button, new() { Name = "Add identity" }).ClickAsync();
        await Assertions.Expect(ian.Page.GetByRole(AriaRole.Heading, new() { Name = "The cage", Level = 1 })).ToBeVisibleAsync();
        await ian.Page.GetByRole(AriaRole.Button, new() { Name = "Add credential" }).ClickAsync();
        var dialog = ian.Page.GetByRole(AriaRole.Dialog);
        // What is typed goes where the focus is; a dialog that has just opened is still moving it.
        await Assertions.Expect(dialog.GetByLabel("Label")).ToBeFocusedAsync();
        await dialog.GetByLabel("Secret").FillAsync(Canary);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        Assert.DoesNotContain(Canary, await ian.Page.ContentAsync(), StringComparison.Ordinal);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add credential" }).ClickAsync();
        await Assertions.Expect(ian.Page.GetByRole(AriaRole.Article)).ToContainTextAsync("Password");
    }

    private static async Task AskAsync(Person adam, Person priya, string identity)
    {
        await adam.GoToAsync(identity);
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Emergency Access" }).First.ClickAsync();
        await Assertions.Expect(adam.Page.GetByLabel("Justification")).ToBeFocusedAsync();
        await adam.Page.GetByLabel("Justification").FillAsync(Cast.GoodReason);
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Request emergency access" }).ClickAsync();
        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Approve Adam" }).First.ClickAsync();
        await adam.Page.WaitForURLAsync("**/sessions/*");
    }

    private async Task UseAsync(Person adam)
    {
        await KeepPageAsync(adam);
        Assert.DoesNotContain(Canary, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Password" }).ClickAsync();
        await adam.Page.Locator(".ah-glass[data-glass=shown]").WaitForAsync();
        Assert.Contains(Canary, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
        await KeepPageAsync(adam);

        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Hide", Exact = true }).ClickAsync();
        await Assertions.Expect(adam.Page.Locator(".ah-glass[data-glass=shown]")).ToHaveCountAsync(0);
        Assert.DoesNotContain(Canary, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
        await adam.Page.RunAndWaitForRequestFinishedAsync(
            () => adam.Page.GetByRole(AriaRole.Button, new() { Name = "Copy Password" }).ClickAsync(),
            new() { Predicate = request => new Uri(request.Url).AbsolutePath == "/reveal" });
        await adam.Page.WaitForFunctionAsync("async () => (await navigator.clipboard.readText()).length > 0");
        Assert.Equal(Canary, await adam.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        Assert.DoesNotContain(Canary, await adam.VisibleTreeAsync(), StringComparison.Ordinal);

        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "End now" }).ClickAsync();
        await Assertions.Expect(adam.Page.Locator("#main")).ToContainTextAsync("You ended this session");
        Assert.DoesNotContain(Canary, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
    }

    private async Task LookEverywhereAsync(Person olivia, string identity, string session)
    {
        foreach (var path in new[]
        {
            "/", "/identities", "/identities/rotations", identity, $"{identity}?tab=details", $"{identity}?tab=history", $"{identity}/edit", "/inbox", "/sessions", session,
            "/audit", "/audit?entry=18", "/people", "/settings/emergency-access", "/settings/browser",
        })
        {
            await olivia.GoToAsync(path);
            await KeepPageAsync(olivia);
        }
    }

    private async Task SearchAsync(RunningHouse house, IReadOnlyList<Person> people)
    {
        foreach (var person in people)
            searched.Add(("the frames of a socket", [.. person.Frames.SelectMany(f => f)]));
        searched.AddRange(addresses.Select(a => ("an address", Encoding.UTF8.GetBytes(a))));
        searched.AddRange(house.Log.Lines.Select(l => ($"the log of {l.Category}", Encoding.UTF8.GetBytes(l.Text))));
        foreach (var file in Directory.EnumerateFiles(house.Paths.DataFolder, "*", SearchOption.AllDirectories))
            searched.Add(($"the file {Path.GetFileName(file)}", await ReadAsync(file)));

        // What is searched is there to be found: each haystack holds the needle it ought to.
        Assert.Contains(house.Log.Lines, l => l.Level == LogLevel.Trace);
        Assert.Contains(searched, s => s.Where.StartsWith("the frames", StringComparison.Ordinal) && Has(s.Bytes, "The cage"u8));
        Assert.Contains(searched, s => s.Where.StartsWith("the page", StringComparison.Ordinal) && Has(s.Bytes, "The cage"u8));
        Assert.Contains(searched, s => s.Where == "the file accesshive.db-wal");
        Assert.Contains(searched, s => s.Where.StartsWith("the file accesshive.db", StringComparison.Ordinal) && Has(s.Bytes, "session.secret-copied"u8));

        var found = from place in searched from form in forms where Has(place.Bytes, form.Bytes) select $"{place.Where}: {form.Name}";
        Assert.Empty(found.Distinct());
        List<string> answered = [];
        foreach (var (path, body) in answers)
        {
            var bytes = await body;
            answered.AddRange(forms.Where(f => Has(bytes, f.Bytes)).Select(f => $"{path}: {f.Name}"));
        }

        Assert.Equal(["/reveal: UTF-8", "/reveal: its plain part", "/reveal: UTF-8", "/reveal: its plain part"], answered);
    }

    private Person Overheard(Person person)
    {
        person.Context.Request += (_, request) => addresses.Enqueue(request.Url);
        person.Context.RequestFinished += (_, request) => answers.Enqueue((new Uri(request.Url).AbsolutePath, BodyAsync(request)));
        return person;
    }

    private static async Task<byte[]> BodyAsync(IRequest request)
    {
        var response = await request.ResponseAsync();
        try
        {
            return response is null ? [] : await response.BodyAsync();
        }
        catch (PlaywrightException) when (new Uri(request.Url).AbsolutePath != "/reveal")
        {
            // A redirect has none, and the browser lets go of those of a page that was left.
            return [];
        }
    }

    private async Task KeepPageAsync(Person person)
    {
        addresses.Enqueue(person.Page.Url);
        searched.Add(($"the page {person.Page.Url}", Encoding.UTF8.GetBytes(await person.Page.ContentAsync())));
        var stored = await person.Page.EvaluateAsync<string>("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state])");
        searched.Add(($"what {person.Page.Url} stores", Encoding.UTF8.GetBytes(stored)));
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var shared = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await shared.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static bool Has(ReadOnlySpan<byte> place, ReadOnlySpan<byte> needle) => place.IndexOf(needle) >= 0;
}
