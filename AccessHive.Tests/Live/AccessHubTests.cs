using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Live;
using Microsoft.AspNetCore.SignalR.Client;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Live;

public sealed class AccessHubTests
{
    [Fact]
    public async Task Nobody_listens_without_signing_in()
    {
        await using var house = await RunningHouse.OpenAsync();
        using var stranger = new Visitor(house.Url);
        await using var hub = stranger.Hub();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => hub.StartAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task An_approvers_program_hears_an_emergency_from_the_request_to_its_revocation()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var priya = await Program.OfAsync(house, "Priya");

        var raised = (await house.RaiseAsync(house.Adam)).Require();
        var session = (await house.DecideAsync(house.Priya, raised.Request, comment: "Go ahead.")).Require().Session!.Value;
        (await house.Get<EndSessionHandler>().RevokeAsync(house.Sofia, session, "It was the wrong account.")).Require();

        Assert.Equal(
            ["Requested raised", "Decided approved", "Started started", "Revoked revoked"],
            [await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync()]);
        Assert.All(priya.Requests, s => Assert.Equal((raised.Request.Value, house.Ads.Value, house.Adam.Value), (s.Request, s.Identity, s.Requester)));
        Assert.All(priya.Sessions, s => Assert.Equal((session.Value, raised.Request.Value, house.Ads.Value, house.Adam.Value), (s.Session, s.Request, s.Identity, s.Holder)));
    }

    [Fact]
    public async Task Every_end_has_its_signal()
    {
        var time = new FakeTime();
        await using var house = await RunningHouse.OpenAsync(new HouseWish(Time: time));
        await using var priya = await Program.OfAsync(house, "Priya");

        var denied = (await house.RaiseAsync(house.Adam)).Require().Request;
        (await house.DecideAsync(house.Priya, denied, Verdict.Deny, "Not now.")).Require();
        var withdrawn = (await house.RaiseAsync(house.Adam)).Require().Request;
        (await house.Get<Core.Requests.UseCases.DecideRequestHandler>().WithdrawAsync(house.Adam, withdrawn)).Require();
        await house.RaiseAsync(house.Adam);
        Assert.Equal(
            ["Requested raised", "Decided denied", "Requested raised", "Decided withdrawn", "Requested raised"],
            [await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync()]);
        time.AdvanceMinutes(15);
        await house.SettleAsync();
        Assert.Equal("Decided lapsed", await priya.NextAsync());

        var ended = await house.GrantAsync(house.Adam);
        (await house.Get<EndSessionHandler>().EndAsync(house.Adam, ended)).Require();
        Assert.Equal(
            ["Requested raised", "Decided approved", "Started started", "Ended ended-by-holder"],
            [await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync()]);
        await house.GrantAsync(house.Adam);
        Assert.Equal(["Requested raised", "Decided approved", "Started started"], [await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync()]);
        time.AdvanceMinutes(30);
        await house.SettleAsync();
        Assert.Equal("Ended expired", await priya.NextAsync());
    }

    [Fact]
    public async Task A_checkout_is_told_apart_from_an_emergency_in_every_signal()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var priya = await Program.OfAsync(house, "Priya");

        var raised = (await house.CheckOutAsync(house.Max)).Require();
        var session = (await house.DecideAsync(house.Priya, raised.Request)).Require().Session!.Value;
        (await house.ExtendAsync(house.Max, session)).Require();
        (await house.Get<EndSessionHandler>().EndAsync(house.Max, session)).Require();
        Assert.Equal(
            ["Requested raised", "Decided approved", "Started started", "Extended extended", "Ended checked-in"],
            [await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync()]);
        Assert.All(priya.Requests, s => Assert.Equal("standard", s.Kind));
        Assert.All(priya.Sessions, s => Assert.Equal("standard", s.Kind));

        (await house.CheckOutAsync(house.Adam)).Require();
        (await house.RaiseAsync(house.Adam)).Require();
        Assert.Equal(["Requested raised", "Decided turned-into-emergency", "Requested raised"], [await priya.NextAsync(), await priya.NextAsync(), await priya.NextAsync()]);
        Assert.Equal(["standard", "standard", "emergency"], priya.Requests.TakeLast(3).Select(s => s.Kind));
    }

    [Fact]
    public async Task Who_must_not_see_it_hears_nothing_of_it()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var max = await Program.OfAsync(house, "Max");
        await using var ian = await Program.OfAsync(house, "Ian");
        await using var olivia = await Program.OfAsync(house, "Olivia");
        await house.SaveRulesAsync(r => r with { EligibleRoles = Roles.Owner | Roles.Admin | Roles.Member });

        var session = await house.GrantAsync(house.Adam);
        await house.RevealAsync(house.Adam, session);
        (await house.Get<EndSessionHandler>().EndAsync(house.Adam, session)).Require();
        for (var i = 0; i < 4; i++)
            await olivia.NextAsync();
        // Max's own is the first thing he hears; had he heard of Adam's, that would have come before it.
        var own = (await house.RaiseAsync(house.Max)).Require().Request;
        Assert.Equal("Requested raised", await max.NextAsync());
        Assert.Equal(own.Value, Assert.Single(max.Requests).Request);
        Assert.Empty(max.Sessions);
        Assert.Equal("Requested raised", await olivia.NextAsync());
        Assert.Empty(ian.Requests);
        Assert.Empty(ian.Sessions);
    }

    [Fact]
    public async Task A_program_is_told_as_its_person_may_see_now_and_not_as_they_could_when_it_connected()
    {
        await using var house = await RunningHouse.OpenAsync();
        await using var priya = await Program.OfAsync(house, "Priya");
        await using var olivia = await Program.OfAsync(house, "Olivia");
        (await house.Get<ManagePeople>().ChangeRolesAsync(house.Adam, house.Priya, Roles.Member)).Require();

        await house.RaiseAsync(house.Adam);

        Assert.Equal("Requested raised", await olivia.NextAsync());
        Assert.Empty(priya.Requests);
    }

    [Fact]
    public async Task What_is_sent_are_ids_states_and_times()
    {
        const string reason = "Zebra-striped justification that belongs to people only.";
        await using var house = await RunningHouse.OpenAsync();
        using var visitor = await Visitor.SignedInAsync(house, "Olivia");
        await using var wire = await OpenSocket.ToHubAsync(visitor);
        await using var olivia = await Program.OfAsync(house, "Olivia");

        var raised = (await house.RaiseAsync(house.Adam, reason: reason)).Require();
        var session = (await house.DecideAsync(house.Priya, raised.Request, comment: "Quagga comment.")).Require().Session!.Value;
        Assert.Equal(Cast.Secret, (await house.RevealAsync(house.Adam, session)).Require());
        (await house.Get<EndSessionHandler>().RevokeAsync(house.Sofia, session, "Okapi words.")).Require();
        for (var i = 0; i < 4; i++)
            await olivia.NextAsync();

        var said = await wire.HeardAsync("\"Revoked\"");
        var allowed = new HashSet<string>(["seq", "at", "request", "session", "identity", "requester", "holder", "state", "kind"], StringComparer.Ordinal);
        var signals = said.Split('\u001e', StringSplitOptions.RemoveEmptyEntries).Select(m => JsonDocument.Parse(m).RootElement).Where(m => m.GetProperty("type").GetInt32() == 1).ToList();
        Assert.Equal(["Requested", "Decided", "Started", "Revoked"], signals.Select(s => s.GetProperty("target").GetString()));
        Assert.All(signals, s => Assert.All(Assert.Single(s.GetProperty("arguments").EnumerateArray()).EnumerateObject(), p => Assert.Contains(p.Name, allowed)));
        Assert.All([Cast.Secret, "Zebra", "Quagga", "Okapi", "Bergmann", "Adam", "agency.example"], w => Assert.DoesNotContain(w, said, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_hub_takes_no_orders()
    {
        await using var house = await RunningHouse.OpenAsync();
        using var visitor = await Visitor.SignedInAsync(house, "Olivia");
        await using var hub = visitor.Hub();
        await hub.StartAsync();

        foreach (var method in new[] { "Requested", "Revoked", "Decide", "Reveal", "OnConnectedAsync", "Dispose" })
            await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(() => hub.InvokeAsync(method));
    }

    /// <summary>A program that writes down what it hears.</summary>
    private sealed class Program : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
        private readonly Visitor visitor;
        private readonly HubConnection hub;
        private readonly Channel<string> heard = Channel.CreateUnbounded<string>();

        private Program(Visitor visitor)
        {
            this.visitor = visitor;
            hub = visitor.Hub();
            Listen<RequestSignal>(nameof(IAccessClient.Requested), Requests, s => s.State);
            Listen<RequestSignal>(nameof(IAccessClient.Decided), Requests, s => s.State);
            Listen<SessionSignal>(nameof(IAccessClient.Started), Sessions, s => s.State);
            Listen<SessionSignal>(nameof(IAccessClient.Extended), Sessions, s => s.State);
            Listen<SessionSignal>(nameof(IAccessClient.Ended), Sessions, s => s.State);
            Listen<SessionSignal>(nameof(IAccessClient.Revoked), Sessions, s => s.State);
        }

        public List<RequestSignal> Requests { get; } = [];

        public List<SessionSignal> Sessions { get; } = [];

        public static async Task<Program> OfAsync(RunningHouse house, string name)
        {
            var program = new Program(await Visitor.SignedInAsync(house, name));
            await program.hub.StartAsync();
            return program;
        }

        public Task<string> NextAsync() => heard.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public async ValueTask DisposeAsync()
        {
            await hub.DisposeAsync();
            visitor.Dispose();
        }

        private void Listen<T>(string target, List<T> into, Func<T, string> state) => hub.On<T>(target, signal =>
        {
            into.Add(signal);
            heard.Writer.TryWrite($"{target} {state(signal)}");
        });
    }
}
