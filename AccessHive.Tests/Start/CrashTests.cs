using System.Net;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Core.Sessions;
using AccessHive.Tests.World;
using AccessHive.Web.Start;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Start;

/// <summary>The process dies without a word and comes back: what was over is over, and nothing is lost or said twice.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task A_session_whose_end_passed_while_the_house_was_dead_is_settled_before_anybody_is_served()
    {
        await using var agency = await TestAgency.FoundAtAsync(RealNow - Duration.FromHours(2));
        var overdue = await agency.GrantAsync(agency.Adam);
        await agency.LeaveAsync();
        await using var house = await HouseProcess.StartAsync(agency.Paths.DataFolder);
        using var adam = new Visitor(house.Url);

        Assert.Equal(HttpStatusCode.Redirect, (await adam.SignInAsync(Visitor.Email("Adam"))).StatusCode);
        var refused = await adam.RevealAsync(overdue.Value, adam.Origin);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains(SessionRefusals.SessionOver.Code, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await house.StopAsync();
        await agency.RestartAsync();
        await using var db = await agency.ReadAsync();
        var expired = await db.Trail.SingleAsync(e => e.Type == "session.expired");
        Assert.True(expired.Seq < (await db.Trail.SingleAsync(e => e.Type == "person.signed-in")).Seq);
        Assert.Equal(EndReason.Expired, (await db.Sessions.SingleAsync()).EndReason);
    }

    [Fact]
    public async Task Overdue_is_settled_before_the_house_listens()
    {
        await using var agency = await TestAgency.FoundAsync();
        await agency.GrantAsync(agency.Adam);
        agency.Time.AdvanceMinutes(45);
        await agency.LeaveAsync();
        var options = new StartOptions(Demo: false, agency.Paths.DataFolder, "http://127.0.0.1:0");
        await using (var app = HiveHost.Build(options, Cast.BringKey(agency.Paths), b => b.Services.AddSingleton<TimeProvider>(agency.Time)))
            await HiveHost.PrepareAsync(app, options);

        await agency.RestartAsync();

        Assert.Single(await agency.TrailAsync("session.expired"));
    }

    [Fact]
    public async Task Killed_while_a_session_runs_the_house_comes_back_with_it_and_ends_it_on_time()
    {
        await using var agency = await TestAgency.FoundAtAsync(RealNow - Duration.FromMinutes(5) + Duration.FromSeconds(6));
        var session = await agency.GrantAsync(agency.Adam, minutes: 5);
        var end = agency.Now + Duration.FromMinutes(5);
        await agency.LeaveAsync();
        var killed = await HouseProcess.StartAsync(agency.Paths.DataFolder);
        await killed.KillAsync();
        await killed.DisposeAsync();
        await PassedAsync(end);

        await using var house = await HouseProcess.StartAsync(agency.Paths.DataFolder);
        using var adam = new Visitor(house.Url);
        await adam.SignInAsync(Visitor.Email("Adam"));

        Assert.Equal(HttpStatusCode.Conflict, (await adam.RevealAsync(session.Value, adam.Origin)).StatusCode);
        await house.KillAsync();
        await agency.RestartAsync();
        Assert.Equal(["session.started", "session.expired"], await agency.TrailAsync("session."));
    }

    [Fact]
    public async Task Stopped_cleanly_the_house_is_anchored_to_its_last_entry_and_sealed_over_every_byte()
    {
        await using var agency = await TestAgency.FoundAtAsync(RealNow - Duration.FromHours(2));
        await agency.GrantAsync(agency.Adam);
        await agency.LeaveAsync();
        await using var house = await HouseProcess.StartAsync(agency.Paths.DataFolder);

        Assert.Equal(0, await house.StopAsync());

        var report = VerifyTrail.Run(new VerifyWish(agency.Paths.Database, agency.Paths.Anchors));
        Assert.Equal((0, true, report.Last), (report.ExitCode, report.Sealed, report.Anchored));
        var (code, said, _) = await HouseProcess.RunAsync("verify", "--data", agency.Paths.DataFolder);
        Assert.Equal((0, true), (code, said.Contains("every byte of the file is as it was", StringComparison.Ordinal)));
        await using (var file = File.Open(agency.Paths.Database, FileMode.Open))
        {
            file.Position = file.Length / 2;
            var old = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(old ^ 1));
        }

        Assert.Equal(1, (await HouseProcess.RunAsync("verify", "--data", agency.Paths.DataFolder)).ExitCode);
    }

    private static Instant RealNow => Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());

    /// <summary>Returns when the machine's clock has reached this instant: it is waited for, not slept through.</summary>
    private static async Task PassedAsync(Instant instant)
    {
        while (instant - RealNow is { } left && left > Duration.Zero)
            await Task.Delay(left.ToTimeSpan() + TimeSpan.FromMilliseconds(1), TimeProvider.System);
    }
}
