using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Tests.World;
using AccessHive.Tests.World.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AccessHive.Tests.Audit.Exports;

/// <summary>The live sink, received and understood by a real rsyslog over TLS.</summary>
public sealed class SyslogSinkTests
{
    [Fact]
    public async Task A_real_syslog_daemon_understands_each_entry_and_misses_none_over_restarts_of_both()
    {
        var server = await RsyslogServer.StartAsync();
        await using var house = await RunningHouse.OpenAsync();
        var (syslog, target) = (house.Get<KeepSyslog>(), new SyslogTarget("127.0.0.1", server.Port, server.Certificate, OnlyEmergency: false, Personal: true, IsOn: true));
        const string hard = "He said \"it burns\" ] \\ and left: Größe = 1\nthen this.";

        // The house runs, and its own service sends.
        (await syslog.SaveAsync(house.Adam, target, madeOn: 0)).Require();
        (await house.RaiseAsync(house.Adam, reason: hard)).Require();
        var raised = (await server.UnderstoodAsync("request.raised by Adam")).First(l => l.GetProperty("msgid").GetString() == "request.raised");

        var data = raised.GetProperty("data").GetProperty("entry@32473");
        Assert.Equal(("audit", "warning", "AccessHive"), (raised.GetProperty("facility").GetString(), raised.GetProperty("severity").GetString(), raised.GetProperty("app").GetString()));
        Assert.Equal(hard.Replace('\n', ' '), data.GetProperty("fact.justification").GetString());
        Assert.Equal(("true", house.Adam.ToString()), (data.GetProperty("emergency").GetString(), data.GetProperty("actor").GetString()));
        await using (var db = await house.ReadAsync())
        {
            var entry = await db.Trail.SingleAsync(e => e.Type == "request.raised");
            Assert.Equal((entry.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture), Convert.ToHexStringLower(entry.LeafHash)), (data.GetProperty("seq").GetString(), data.GetProperty("leaf").GetString()));
        }

        // The product stops and starts; what happened meanwhile follows.
        await house.Get<TrailSink>().StopAsync(CancellationToken.None);
        await house.KeepAsync("While nobody sent");
        var sink = ActivatorUtilities.CreateInstance<TrailSink>(house.Services);
        Assert.Null(await sink.SendAsync(CancellationToken.None));
        await server.UnderstoodAsync("While nobody sent");

        // The receiver goes; nothing in the house waits for it, and the card says what is wrong.
        var first = await server.UnderstoodAsync("request.raised by Adam");
        var port = server.Port;
        await server.DisposeAsync();
        (await house.RaiseAsync(house.Max)).Refusal?.ToString();
        var away = await sink.SendAsync(CancellationToken.None);
        Assert.Contains(away!.Code, new[] { "syslog-hung-up", "syslog-unreachable" });
        var card = (await syslog.ReadAsync(house.Aiko))!;
        Assert.Equal((away.Code, true), (card.Problem!.Code, card.Behind > 0));

        // It comes back at another place with another certificate; from where it stopped, everything follows in order.
        await using var next = await RsyslogServer.StartAsync();
        (await syslog.SaveAsync(house.Adam, target with { Port = next.Port, Authority = next.Certificate }, card.Revision)).Require();
        Assert.Null(await sink.SendAsync(CancellationToken.None));
        var later = await next.UnderstoodAsync("trail.syslog-edited");
        await sink.StopAsync(CancellationToken.None);
        await using (var db = await house.ReadAsync())
        {
            var since = await db.Trail.Where(e => e.Type == "trail.syslog-edited").MinAsync(e => e.Seq);
            var got = first.Concat(later).Where(l => l.TryGetProperty("data", out _)).Select(l => long.Parse(l.GetProperty("data").GetProperty("entry@32473").GetProperty("seq").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            var until = got.Max();
            Assert.Equal(await db.Trail.Where(e => e.Seq > since && e.Seq <= until).Select(e => e.Seq).OrderBy(s => s).ToListAsync(), got.Where(s => s > since).Distinct().Order());
            // At least once: what the line may have swallowed comes again, but nothing comes for the first time out of order.
            Assert.Equal(got.Distinct().Order(), got.Distinct());
        }

        Assert.Equal((null, 0L), ((await syslog.ReadAsync(house.Aiko))!.Problem, (await syslog.ReadAsync(house.Aiko))!.Behind));
    }

    [Fact]
    public async Task A_receiver_that_can_not_prove_who_it_is_gets_nothing_and_settings_are_for_those_who_may()
    {
        await using var server = await RsyslogServer.StartAsync();
        await using var agency = await TestAgency.FoundAsync();
        var (syslog, target) = (agency.Get<KeepSyslog>(), new SyslogTarget("127.0.0.1", server.Port, server.Certificate, OnlyEmergency: true, Personal: false, IsOn: true));
        using var stranger = SelfSigned.Make();

        Assert.Null((await syslog.TestAsync(agency.Adam, target)).Refusal);
        Assert.Equal("syslog-not-trusted", (await syslog.TestAsync(agency.Adam, target with { Authority = stranger.ExportCertificatePem() })).Refusal!.Code);
        Assert.Equal("syslog-not-trusted", (await syslog.TestAsync(agency.Adam, target with { Authority = "" })).Refusal!.Code);
        Assert.Equal("syslog-not-trusted", (await syslog.TestAsync(agency.Adam, target with { Host = "localhost" })).Refusal!.Code);
        Assert.Equal("syslog-unreachable", (await syslog.TestAsync(agency.Adam, target with { Port = Machine.FreePort() })).Refusal!.Code);
        Assert.Equal("trail.syslog-tested", (await server.UnderstoodAsync("trail.syslog-tested"))[^1].GetProperty("msgid").GetString());

        foreach (var (code, wrong) in new[] { ("syslog-host-missing", target with { Host = "not a host" }), ("target-port-out-of-range", target with { Port = 0 }), ("syslog-authority-not-usable", target with { Authority = "no certificate" }) })
            Assert.Equal(code, (await syslog.SaveAsync(agency.Adam, wrong, madeOn: 0)).Refusal!.Code);
        foreach (var who in new[] { agency.Aiko, agency.Max, agency.Priya })
            Assert.Equal("not-settings-editor", (await syslog.SaveAsync(who, target, madeOn: 0)).Refusal!.Code);
        Assert.Null(await syslog.ReadAsync(agency.Max));
        (await syslog.SaveAsync(agency.Olivia, target, madeOn: 0)).Require();
        Assert.Equal("policy-changed-meanwhile", (await syslog.SaveAsync(agency.Adam, target with { IsOn = false }, madeOn: 0)).Refusal!.Code);
        Assert.Contains("trail.syslog-edited", await agency.TrailAsync());
    }
}
