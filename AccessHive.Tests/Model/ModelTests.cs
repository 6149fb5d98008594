using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.Cases;
using AccessHive.Tests.World;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Model;

/// <summary>
/// Random lives of the product beside the model: the same commands, the same answers, and after each of them the promises
/// that must always hold. A failure prints its seed; give it to <c>SampleAsync</c> as <c>seed</c> to live that life again.
/// </summary>
public sealed class ModelTests
{
    private const int Credentials = 4;

    private static readonly Roles[] Holdable = [Roles.Member, Roles.Admin, Roles.Approver, Roles.Owner, Roles.Auditor, Roles.SecurityOwner, Roles.Approver | Roles.Admin, Roles.Auditor | Roles.Member];

    // Olivia and Adam, who are eligible to begin with, do most of it.
    private static readonly Gen<int> Someone = Gen.OneOf(0, 0, 1, 1, 1, 2, 3, 4);
    private static readonly Gen<int> Decider = Gen.OneOf(0, 1, 2, 2, 2, 3);
    private static readonly Gen<int> Which = Gen.Int[0, 9];

    private static readonly Gen<long> Pause = Gen.OneOf(Gen.OneOf(1L, 60_000, 3_600_000), Gen.Long[1, 600_000]);

    private static readonly Gen<Command> Commands = Gen.Frequency(
        (8, Gen.Select(Someone, Gen.Int[0, Credentials - 1], Gen.OneOf(4, 5, 5, 15, 60, 61)).Select(t => (Command)new Raise(t.Item1, t.Item2, t.Item3))),
        (8, Gen.Select(Decider, Which, Gen.Frequency((4, true), (1, false))).Select(t => (Command)new Decide(t.Item1, t.Item2, t.Item3))),
        (8, Gen.Select(Someone, Gen.Int[0, Credentials - 1], Gen.OneOf(4, 5, 15, 60, 241)).Select(t => (Command)new CheckOut(t.Item1, t.Item2, t.Item3))),
        (5, Gen.Select(Someone, Which).Select(t => (Command)new Extend(t.Item1, t.Item2))),
        (1, Gen.Select(Gen.OneOf(3, 24), Gen.OneOf(15, 240), Gen.OneOf(0, 15, 120)).Select(t => (Command)new SaveUsual(t.Item1, t.Item2, t.Item3))),
        (1, Gen.Int[0, 31].Select(set => (Command)new Name(set))),
        (2, Gen.Select(Someone, Which).Select(t => (Command)new Withdraw(t.Item1, t.Item2))),
        (7, Gen.Select(Someone, Which).Select(t => (Command)new Reveal(t.Item1, t.Item2))),
        (2, Gen.Select(Someone, Which).Select(t => (Command)new End(t.Item1, t.Item2))),
        (2, Gen.Select(Someone, Which).Select(t => (Command)new Revoke(t.Item1, t.Item2))),
        (5, Gen.Select(Gen.Int[0, 4], Which).Select(t => (Command)new Review(t.Item1, t.Item2))),
        (3, Pause.Select(p => (Command)new Tick(p))),
        (6, Gen.OneOf(-1L, 0, 0, 1).Select(p => (Command)new ToTheEdge(p))),
        (2, Gen.Long[-2 * 3_600_000, 3_600_000].Select(p => (Command)new SetWall(p))),
        (1, Gen.Const((Command)new Restart())),
        (3, Gen.Const((Command)new Settle())),
        (2, Gen.Select(Gen.OneOf(Roles.Owner | Roles.Admin, Roles.Owner, RolePermissions.CanBeEligible, Roles.Member), Gen.OneOf(5, 30, 60, 480), Gen.Bool, Gen.OneOf(2, 15, 120)).Select(t => (Command)new Save(t.Item1, t.Item2, t.Item3, t.Item4))),
        (2, Gen.Select(Gen.Int[1, 4], Gen.OneOf(Holdable)).Select(t => (Command)new ChangeRoles(t.Item1, t.Item2))),
        (2, Gen.Int[1, 4].Select(p => (Command)new Disable(p))),
        (3, Gen.Int[1, 4].Select(p => (Command)new Enable(p))));

    [Fact]
    public Task Whatever_people_and_clocks_do_the_product_answers_as_the_model_and_keeps_its_promises()
        => Commands.List[20, 80].SampleAsync(LiveAsync, writeLine: Console.WriteLine, iter: 40, threads: 1, print: commands => string.Join("\n", commands));

    private static async Task LiveAsync(List<Command> commands)
    {
        await using var agency = await TestAgency.FoundAsync();
        var life = new Life(agency);
        await life.BeginAsync();
        foreach (var command in commands)
        {
            await life.DoAsync(command);
            await life.CheckAsync(command);
        }
    }

    private abstract record Command;

    private sealed record Raise(int Who, int Credential, int Minutes) : Command;

    private sealed record CheckOut(int Who, int Credential, int Minutes) : Command;

    private sealed record Extend(int Who, int Session) : Command;

    private sealed record SaveUsual(int Hours, int Checkout, int Extension) : Command;

    /// <summary>Who of the five approves, as bits; everybody, for all of them.</summary>
    private sealed record Name(int People) : Command;

    private sealed record Decide(int Who, int Request, bool Approve) : Command;

    private sealed record Withdraw(int Who, int Request) : Command;

    private sealed record Reveal(int Who, int Session) : Command;

    private sealed record End(int Who, int Session) : Command;

    private sealed record Revoke(int Who, int Session) : Command;

    private sealed record Review(int Who, int Request) : Command;

    private sealed record Tick(long Milliseconds) : Command;

    private sealed record ToTheEdge(long Milliseconds) : Command;

    private sealed record SetWall(long Milliseconds) : Command;

    private sealed record Restart : Command;

    private sealed record Settle : Command;

    private sealed record Save(Roles Eligible, int Maximum, bool Approval, int Window) : Command;

    private sealed record ChangeRoles(int Who, Roles Roles) : Command;

    private sealed record Disable(int Who) : Command;

    private sealed record Enable(int Who) : Command;

    private sealed class Life(TestAgency agency)
    {
        private readonly AccessModel model = new(agency.Now);
        private readonly List<CredentialId> credentials = [agency.AdsPassword];

        public async Task BeginAsync()
        {
            model.People.AddRange(
            [
                new(agency.Olivia, Roles.Owner), new(agency.Adam, Roles.Admin), new(agency.Priya, Roles.Approver), new(agency.Max, Roles.Member), new(agency.Sofia, Roles.SecurityOwner),
            ]);
            while (credentials.Count < Credentials - 1)
                credentials.Add((await agency.KeepAsync($"Client {credentials.Count}")).Credential);
            credentials.Add(await agency.CriticalAsync());
        }

        public async Task DoAsync(Command command)
        {
            switch (command)
            {
                case Tick t:
                    Advance(Duration.FromMilliseconds(t.Milliseconds));
                    break;
                case ToTheEdge e:
                    Advance((model.NextEdge ?? model.Now) + Duration.FromMilliseconds(e.Milliseconds) - model.Now);
                    break;
                case SetWall w:
                    agency.Time.SetWallClockBack(-Duration.FromMilliseconds(w.Milliseconds));
                    model.SetWall(Duration.FromMilliseconds(w.Milliseconds));
                    break;
                case Restart:
                    await agency.RestartAsync();
                    await using (var db = await agency.ReadAsync())
                        model.Restart((await db.Trail.OrderByDescending(e => e.Seq).FirstAsync()).At);
                    break;
                case Settle:
                    await agency.SettleAsync();
                    model.Settle();
                    break;
                default:
                    Assert.Equal((command, Expected(command)), (command, await AnswerAsync(command)));
                    await NameAsync();
                    break;
            }
        }

        public async Task CheckAsync(Command command)
        {
            var now = agency.Now;
            Assert.Equal((command, model.Now), (command, now));
            await using var db = await agency.ReadAsync();
            var sessions = await db.Sessions.AsNoTracking().ToDictionaryAsync(s => s.Id);
            Assert.Equal(model.Sessions.Count, sessions.Count);
            foreach (var expected in model.Sessions)
            {
                var session = sessions[expected.Id];
                Assert.Equal((command, expected.IsActiveAt(now), expected.Ended), (command, session.IsActiveAt(now), session.EndReason));
                Assert.Equal((expected.StartedAt, expected.EndsAt, expected.Limit), (session.StartedAt, session.EndsAt, session.Limit));
                Assert.True(session.EndsAt - session.StartedAt <= session.Limit);
                Assert.NotEqual(session.HolderId, session.ApprovedBy);
            }

            var requests = await db.Requests.AsNoTracking().ToDictionaryAsync(r => r.Id);
            Assert.Equal(model.Requests.Count, requests.Count);
            foreach (var expected in model.Requests)
            {
                Assert.Equal((command, expected.State), (command, requests[expected.Id].State));
                Assert.NotEqual(requests[expected.Id].RequesterId, requests[expected.Id].DecidedBy);
            }

            var cases = await db.Cases.AsNoTracking().ToDictionaryAsync(c => c.FirstRequestId);
            Assert.Equal(model.Requests.Where(r => r.Emergency).Select(r => r.Id.Value).Order(), cases.Keys.Select(id => id.Value).Order());
            foreach (var expected in model.Requests.Where(r => r.Emergency))
            {
                var it = cases[expected.Id];
                Assert.Equal((command, expected.Reviewed, model.IsClosed(expected)), (command, it.ReviewedAt is not null, it.ClosedAt is not null));
                Assert.True(it.ReviewedBy != requests[expected.Id].RequesterId && (it.ReviewedBy is null || it.ReviewedBy != requests[expected.Id].DecidedBy));
            }

            var trail = await db.Trail.AsNoTracking().OrderBy(e => e.Seq).Select(e => new { e.Seq, e.Type, e.RecordedAt, e.RequestId, e.SessionId }).ToListAsync();
            Assert.Equal(trail.Count, trail[^1].Seq);
            Assert.Equal(trail.Select(e => e.RecordedAt), trail.Select(e => e.RecordedAt).Order());
            string[] closed = ["request.approved", "request.denied", "request.withdrawn", "request.turned-into-emergency", "request.lapsed"];
            string[] over = ["session.expired", "session.ended-by-holder", "session.checked-in", "session.revoked"];
            Assert.Equal(
                model.Requests.Where(r => r.State != RequestState.Pending).Select(r => r.Id.Value).Order(),
                trail.Where(e => closed.Contains(e.Type)).Select(e => e.RequestId!.Value.Value).Order());
            Assert.Equal(
                model.Sessions.Where(s => s.Ended is not null).Select(s => s.Id.Value).Order(),
                trail.Where(e => over.Contains(e.Type)).Select(e => e.SessionId!.Value.Value).Order());
        }

        private string? Expected(Command command) => command switch
        {
            Raise r => model.Raise(Person(r.Who), r.Credential, r.Minutes),
            CheckOut c => model.CheckOut(Person(c.Who), c.Credential, c.Credential == Credentials - 1 ? 2 : 1, c.Minutes),
            Extend e => Session(e.Session) is { } session ? model.Extend(Person(e.Who), session) : NotFound(e.Who, "session-not-found"),
            SaveUsual s => model.SaveUsual(s.Hours, s.Checkout, s.Extension),
            Name n => model.Name(Named(n)),
            Review r => Emergency(r.Request) is { } request ? model.Review(Person(r.Who), request) : NotFound(r.Who, "case-not-found"),
            Decide d => Request(d.Request) is { } request ? model.Decide(Person(d.Who), request, d.Approve) : NotFound(d.Who, "request-not-found"),
            Withdraw w => Request(w.Request) is { } request ? model.Withdraw(Person(w.Who), request) : NotFound(w.Who, "request-not-found"),
            Reveal r => Session(r.Session) is { } session ? model.Reveal(Person(r.Who), session) : NotFound(r.Who, "session-not-found"),
            End e => Session(e.Session) is { } session ? model.End(Person(e.Who), session) : NotFound(e.Who, "session-not-found"),
            Revoke r => Session(r.Session) is { } session ? model.Revoke(Person(r.Who), session) : NotFound(r.Who, "session-not-found"),
            Save s => model.Save(Rules(s)),
            ChangeRoles c => model.ChangeRoles(Person(c.Who), c.Roles),
            Disable d => model.Disable(Person(d.Who)),
            Enable e => model.Enable(Person(e.Who)),
            _ => throw new InvalidOperationException($"{command}?"),
        };

        private async Task<string?> AnswerAsync(Command command) => command switch
        {
            Raise r => (await agency.RaiseAsync(Person(r.Who).Id, credentials[r.Credential], minutes: r.Minutes)).Refusal?.Code,
            CheckOut c => (await agency.CheckOutAsync(Person(c.Who).Id, credentials[c.Credential], c.Minutes)).Refusal?.Code,
            Extend e => (await agency.ExtendAsync(Person(e.Who).Id, Session(e.Session)?.Id ?? SessionId.New())).Refusal?.Code,
            SaveUsual s => (await agency.PolicyAsync(r => r with { Window = Duration.FromHours(s.Hours), CheckoutDuration = Duration.FromMinutes(s.Checkout), Extension = Duration.FromMinutes(s.Extension) }, agency.Olivia)).Refusal?.Code,
            Name n => (await agency.ApproversAsync(Named(n)?.ConvertAll(p => p.Id), agency.Olivia)).Refusal?.Code,
            Decide d => (await agency.DecideAsync(Person(d.Who).Id, Request(d.Request)?.Id ?? RequestId.New(), d.Approve ? Verdict.Approve : Verdict.Deny)).Refusal?.Code,
            Withdraw w => (await agency.Get<DecideRequestHandler>().WithdrawAsync(Person(w.Who).Id, Request(w.Request)?.Id ?? RequestId.New())).Refusal?.Code,
            Reveal r => (await agency.RevealAsync(Person(r.Who).Id, Session(r.Session)?.Id ?? SessionId.New())).Refusal?.Code,
            End e => (await agency.Get<EndSessionHandler>().EndAsync(Person(e.Who).Id, Session(e.Session)?.Id ?? SessionId.New())).Refusal?.Code,
            Revoke r => (await agency.Get<EndSessionHandler>().RevokeAsync(Person(r.Who).Id, Session(r.Session)?.Id ?? SessionId.New(), "No emergency.")).Refusal?.Code,
            Review r => (await agency.ReviewAsync(Person(r.Who).Id, await CaseAsync(Emergency(r.Request)))).Refusal?.Code,
            Save s => (await agency.SaveRulesAsync(agency.Olivia, _ => Rules(s))).Refusal?.Code,
            ChangeRoles c => (await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, Person(c.Who).Id, c.Roles)).Refusal?.Code,
            Disable d => (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, Person(d.Who).Id)).Refusal?.Code,
            Enable e => (await agency.Get<ManagePeople>().EnableAsync(agency.Olivia, Person(e.Who).Id)).Refusal?.Code,
            _ => throw new InvalidOperationException($"{command}?"),
        };

        private void Advance(Duration by)
        {
            if (by <= Duration.Zero)
                return;
            agency.Time.Advance(by);
            model.Tick(by);
        }

        private static EmergencyRules Rules(Save s) => new(s.Eligible, Duration.FromMinutes(s.Maximum), s.Approval, Duration.FromMinutes(s.Window));

        private List<AccessModel.Person>? Named(Name name) => name.People == 31 ? null : [.. model.People.Where((_, i) => (name.People & (1 << i)) != 0)];

        private AccessModel.Person Person(int who) => model.People[who];

        // The newest are the interesting ones. What the model made in this very command has no id yet and is passed over.
        private AccessModel.Request? Request(int back) => model.Requests.Where(r => r.Id != default).Reverse().ElementAtOrDefault(back / 3);

        private AccessModel.Request? Emergency(int back) => model.Requests.Where(r => r.Id != default && r.Emergency).Reverse().ElementAtOrDefault(back / 3);

        private async Task<CaseId> CaseAsync(AccessModel.Request? request)
        {
            await using var db = await agency.ReadAsync();
            return request is null ? default : await db.CaseRequests.Where(m => m.RequestId == request.Id).Select(m => m.CaseId).SingleAsync();
        }

        private AccessModel.Session? Session(int back) => model.Sessions.Where(s => s.Id != default).Reverse().ElementAtOrDefault(back / 3);

        private string NotFound(int who, string code) => Person(who).Active ? code : "caller-not-active";

        /// <summary>What the model has just made gets the id that the product gave it.</summary>
        private async Task NameAsync()
        {
            await using var db = await agency.ReadAsync();
            var requests = model.Requests.Select(r => r.Id).ToHashSet();
            foreach (var nameless in model.Requests.Where(r => r.Id == default))
                nameless.Id = (await db.Requests.Select(r => r.Id).ToListAsync()).Single(id => !requests.Contains(id));
            var sessions = model.Sessions.Select(s => s.Id).ToHashSet();
            foreach (var nameless in model.Sessions.Where(s => s.Id == default))
                nameless.Id = (await db.Sessions.Select(s => s.Id).ToListAsync()).Single(id => !sessions.Contains(id));
        }
    }
}
