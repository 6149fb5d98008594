using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>Forty thousand characters from the clipboard into every field there is: nothing falls over, and what is clicked next works.</summary>
[Collection<BrowserTests>]
public sealed class PasteTests(Chromium chromium)
{
    private const int Much = 40_000;
    private const string Fields = "input:visible:not([type=checkbox], [type=radio], [type=date], [readonly]), textarea:visible";
    private int pasted;

    [Fact]
    public async Task Far_too_much_is_pasted_into_the_fields_before_somebody_is_in()
    {
        await using var empty = await RunningHouse.OpenAsync(new HouseWish(Empty: true));
        await using var house = await RunningHouse.OpenAsync();
        await using var newcomer = await WithMuchAsync(await Person.AtAsync(chromium, house.Url), house.Url);
        var page = newcomer.Page;

        await page.GotoAsync("/account/sign-in");
        await PasteAsync(page, "main");
        await SendAsync(page, "Sign in");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("That didn't match");

        var invited = (await house.Get<ManagePeople>().InviteAsync(house.Olivia, new InvitePerson("Nina", "nina@agency.example", Roles.Member))).Require();
        await page.GotoAsync($"/account/join/{invited.Token}");
        await PasteAsync(page, "main");
        await SendAsync(page, "Join");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();

        // Another house at the same host: its cookies are not the other one's.
        await newcomer.Context.ClearCookiesAsync();
        await page.GotoAsync($"{empty.Url}/account/setup/{(await empty.Get<Joining>().IssueSetupLinkAsync()).Require()}");
        await PasteAsync(page, "main");
        await SendAsync(page, "Found the agency");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.Equal(8, pasted);
    }

    [Fact]
    public async Task Far_too_much_is_pasted_into_every_field_and_the_circuit_lives_on()
    {
        await using var house = await RunningHouse.OpenAsync();
        var session = await house.GrantAsync(house.Adam);
        await using var olivia = await WithMuchAsync(await Person.SignedInAsync(chromium, house.Url, "Olivia", "/identities"), house.Url);
        var page = olivia.Page;
        await OnPageAsync(olivia, "/identities");
        await OnPageAsync(olivia, "/identities/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add identity" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Add credential" }).First).ToBeVisibleAsync();
        await OnPageAsync(olivia, $"/identities/{house.Ads}/edit");
        await OnPageAsync(olivia, "/audit");
        await OnPageAsync(olivia, "/audit?time=custom");

        await ArriveAsync(olivia, $"/identities/{house.Ads}");
        foreach (var dialog in new[] { "Add credential", "Edit", "Change secret", "Emergency Access" })
            await InDialogAsync(page, dialog);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go to …" }).ClickAsync();
        await PasteAsync(page, "dialog.palette");
        await page.Keyboard.PressAsync("Escape");
        await IsAliveAsync(page);

        await ArriveAsync(olivia, "/people");
        await InDialogAsync(page, "Invite a person");
        await ArriveAsync(olivia, "/settings/emergency-access");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true }).ClickAsync();
        await PasteAsync(page, "#main");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true })).ToBeVisibleAsync();
        await IsAliveAsync(page);

        await ArriveAsync(olivia, $"/sessions/{session}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke the session of Adam" }).ClickAsync();
        await PasteAsync(page, "#main");
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke now" }).ClickAsync();
        await Assertions.Expect(page.Locator("#main")).ToContainTextAsync("Revoked by Olivia");
        await IsAliveAsync(page);

        var request = (await house.RaiseAsync(house.Adam)).Require().Request;
        await ArriveAsync(olivia, $"/requests/{request}");
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
        await PasteAsync(page, ".ah-banners");
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve with a comment" }).ClickAsync();
        await PasteAsync(page, "#main");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve now" }).ClickAsync();
        await Assertions.Expect(page.Locator("#main")).ToContainTextAsync("Approved by Olivia");
        await IsAliveAsync(page);
        Assert.True(pasted >= 28, $"Only {pasted} fields were found.");
    }

    private static async Task<Person> WithMuchAsync(Person person, string url)
    {
        await person.Page.GotoAsync($"{url}/account/sign-in");
        await person.Page.EvaluateAsync($"() => navigator.clipboard.writeText('Ünsinn '.repeat({Much / 7 + 1}).slice(0, {Much}))");
        return person;
    }

    private static async Task ArriveAsync(Person olivia, string path)
    {
        await olivia.GoToAsync(path);
        await olivia.Page.EvaluateAsync("() => { window.sameCircuit = true; }");
    }

    private async Task OnPageAsync(Person olivia, string path)
    {
        await ArriveAsync(olivia, path);
        await PasteAsync(olivia.Page, "#main");
        // What is searched for goes into the address; a page that is left before that has nowhere to put it.
        if (await olivia.Page.Locator("#main input[type=search]").CountAsync() > 0)
            await olivia.Page.WaitForURLAsync(url => url.Contains("nsinn", StringComparison.Ordinal));
        await IsAliveAsync(olivia.Page);
    }

    private async Task InDialogAsync(IPage page, string button)
    {
        await page.Locator("#main").GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeVisibleAsync();
        await PasteAsync(page, "[role=dialog]");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await IsAliveAsync(page);
    }

    // What is pasted arrives, and no more of it than the field takes.
    private async Task PasteAsync(IPage page, string scope)
    {
        var fields = page.Locator(scope).Locator(Fields);
        await Assertions.Expect(fields.First).ToBeVisibleAsync();
        var count = await fields.CountAsync();
        for (var i = 0; i < count; i++)
        {
            var field = fields.Nth(i);
            await field.FocusAsync();
            await field.SelectTextAsync();
            await page.Keyboard.PressAsync("Control+V");
            var (length, most) = (await field.EvaluateAsync<int>("field => field.value.length"), await field.EvaluateAsync<int>("field => field.maxLength"));
            Assert.True(length > 0 && length <= most, $"{await field.EvaluateAsync<string>("field => field.outerHTML")} holds {length} characters.");
            pasted++;
        }
    }

    private static async Task SendAsync(IPage page, string button)
    {
        // What is no address is stopped by the browser; here the house is asked.
        await page.EvaluateAsync("() => { for (const form of document.forms) form.noValidate = true; }");
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
    }

    // A way through the circuit and back, on the document that was there before.
    private static async Task IsAliveAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Go to …" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Page or identity" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Page or identity" })).ToHaveCountAsync(0);
        Assert.Equal("online", await page.EvaluateAsync<string>("() => document.documentElement.dataset.connection"));
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameCircuit === true"), "The page was loaded anew.");
    }
}
