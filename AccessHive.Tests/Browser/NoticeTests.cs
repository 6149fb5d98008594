using AccessHive.Core.Notices;
using AccessHive.Tests.World;
using AccessHive.Tests.World.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>An emergency reaches its approver wherever they are: on whatever page, and in the mailbox.</summary>
[Collection<BrowserTests>]
public sealed class NoticeTests(Chromium chromium)
{
    private const string Typed = "canary-typed-Zk8!password";

    [Fact]
    public async Task An_admin_sets_up_mail_and_an_urgent_request_reaches_the_approvers_bell_and_mailbox()
    {
        await using var server = await MailServerHere.OpenAsync(new MailServerWish(User: "hive", Password: Typed));
        await using var house = await RunningHouse.OpenAsync();
        await using var adam = await Person.SignedInAsync(chromium, house.Url, "Adam", "/settings/notices");
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Set up e-mail" }).ClickAsync();
        await adam.Page.GetByLabel("E-mail", new() { Exact = true }).CheckAsync();
        await adam.Page.GetByLabel("Mail server", new() { Exact = true }).FillAsync("127.0.0.1");
        await adam.Page.GetByLabel("Port").FillAsync(server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await adam.Page.GetByLabel("Protection of the line").SelectOptionAsync("None");
        await adam.Page.GetByLabel("User name").FillAsync("hive");
        await adam.Page.Locator("#mail-password").FillAsync(Typed);
        await adam.Page.GetByLabel("Sender").FillAsync("access@hive.example");
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(adam.Page.GetByRole(AriaRole.Status).GetByText("password entered")).ToBeVisibleAsync();
        await adam.Page.GetByRole(AriaRole.Button, new() { Name = "Send test" }).ClickAsync();
        await Assertions.Expect(adam.Page.GetByText("has taken the mail. Look into your mailbox")).ToBeVisibleAsync();

        await using var priya = await Person.SignedInAsync(chromium, house.Url, "Priya", "/people");
        var raised = (await house.RaiseAsync(house.Adam)).Require();
        var bell = priya.Page.GetByRole(AriaRole.Link, new() { Name = "Notices, 1 unread, an emergency waits for you" });
        await Assertions.Expect(bell).ToBeVisibleAsync();
        await adam.GoToAsync($"/requests/{raised.Request}");
        await Assertions.Expect(adam.Page.GetByText("Mailed to 1.")).ToBeVisibleAsync();
        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Later" }).First.ClickAsync();
        await bell.ClickAsync();
        await priya.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Adam asks for emergency access" }).ClickAsync();
        await priya.Page.WaitForURLAsync($"**/requests/{raised.Request}");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Link, new() { Name = "Notices", Exact = true })).ToBeVisibleAsync();

        var mail = server.Mails.Last();
        Assert.StartsWith("URGENT: Adam asks for emergency access", mail.Subject, StringComparison.Ordinal);
        Assert.Contains($"{house.Url}/requests/{raised.Request}", mail.TextBody!, StringComparison.Ordinal);
        await using var db = await house.ReadAsync();
        Assert.Equal(NoticeState.Sent, (await db.Notices.SingleAsync(n => n.Way == NoticeWay.Email)).State);
        // What was typed went round the circuit, and came back on no page.
        Assert.DoesNotContain(adam.Frames, f => f.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Typed)) >= 0);
        Assert.DoesNotContain(Typed, await adam.VisibleTreeAsync(), StringComparison.Ordinal);
    }
}
