using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using AccessHive.Tests.World.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;

namespace AccessHive.Tests.Browser;

/// <summary>The everyday path to its end: a checkout after which the password that was seen opens nothing any more.</summary>
[Collection<BrowserTests>]
public sealed class RotationAfterCheckoutTests(Chromium chromium)
{
    [Fact]
    public async Task A_checkout_ends_in_a_new_password_that_logs_in_at_a_real_PostgreSQL()
    {
        await using var role = await PostgreSqlServer.NewRoleAsync();
        await using var house = await RunningHouse.OpenAsync();
        var (identity, credential) = await KeepAsync(house, role);
        await using var ian = await Person.SignedInAsync(chromium, house.Url, "Ian", "/identities/rotations");
        await using var priya = await Person.SignedInAsync(chromium, house.Url, "Priya", "/inbox");
        await using var max = await Person.SignedInAsync(chromium, house.Url, "Max", $"/identities/{identity}");

        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Check out" }).First.ClickAsync();
        await Assertions.Expect(max.Page.GetByLabel("What for")).ToBeFocusedAsync();
        await max.Page.GetByLabel("What for").FillAsync(StandardCast.Purpose);
        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Ask to check out for 1 h" }).ClickAsync();
        await max.Page.WaitForURLAsync("**/requests/*");
        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Approve Max" }).ClickAsync();
        await max.Page.WaitForURLAsync("**/sessions/*");
        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Password" }).ClickAsync();
        await max.Page.Locator(".ah-glass[data-glass=shown]").WaitForAsync();
        Assert.Contains(role.Password, await max.VisibleTreeAsync(), StringComparison.Ordinal);
        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Extend by 2 h" }).ClickAsync();
        await Assertions.Expect(max.Page.Locator(".ah-ring")).ToContainTextAsync("2:59:");
        Assert.True(await role.LogsInAsync(role.Password));
        await max.Page.GetByRole(AriaRole.Button, new() { Name = "Check in" }).ClickAsync();

        await Assertions.Expect(ian.Page.Locator("#main")).ToContainTextAsync("Verified by logging in");
        var now = await InForceAsync(house, credential);
        Assert.NotEqual(role.Password, now);
        Assert.False(await role.LogsInAsync(role.Password));
        Assert.True(await role.LogsInAsync(now));
        var log = await role.ReadLogAsync();
        Assert.Contains("ALTER ROLE", log, StringComparison.Ordinal);
        Assert.DoesNotContain(role.Password, log, StringComparison.Ordinal);
        Assert.DoesNotContain(now, log, StringComparison.Ordinal);
        Assert.Equal(
            ["rotation.opened", "rotation.stored", "rotation.set", "rotation.verified"],
            await house.TrailAsync("rotation."));
    }

    private static async Task<(IdentityId Identity, CredentialId Credential)> KeepAsync(RunningHouse house, PostgreSqlRole role)
    {
        var keep = house.Get<KeepIdentities>();
        var identity = (await keep.AddAsync(house.Ian, new IdentityDetails("Bergmann – shop database", IdentityType.ManagedShared, "PostgreSQL", "Bergmann Bikes", house.Ian, ""))).Require();
        var credential = (await keep.AddCredentialAsync(house.Ian, identity, new CredentialDetails("Password", role.UserName, ""), Encoding.UTF8.GetBytes(role.Password))).Require();
        (await house.Get<PlanRotation>().EditAsync(house.Ian, credential, role.Plan with { After = RotateAfter.EverySession })).Require();
        return (identity, credential);
    }

    private static async Task<string> InForceAsync(RunningHouse house, CredentialId credential)
    {
        await using var db = await house.ReadAsync();
        var version = await db.Credentials.Where(c => c.Id == credential).Select(c => c.CurrentVersion).SingleAsync();
        return Encoding.UTF8.GetString(house.Get<Keyring>().Open(await db.Secrets.AsNoTracking().SingleAsync(s => s.CredentialId == credential && s.Field == FieldKind.Secret && s.Version == version)));
    }
}
