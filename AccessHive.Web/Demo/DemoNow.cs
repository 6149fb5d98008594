using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using NodaTime;

namespace AccessHive.Web.Demo;

/// <summary>
/// What a visitor must find whenever they come: a request that waits, and a session that runs. Visitors change roles,
/// rules and accounts as they please, so everything is looked up first and nothing is tried that would be refused; where
/// nobody is left who may, nothing is done.
/// </summary>
/// <param name="stage">The agency, at now.</param>
internal sealed class DemoNow(Stage stage)
{
    private static readonly CastMember[] Holders = [DemoCast.Tomasz, DemoCast.Leila, DemoCast.Yuki, DemoCast.Amara];
    private static readonly CastMember[] Requesters = [DemoCast.Amara, DemoCast.Yuki, DemoCast.Leila, DemoCast.Tomasz];
    private static readonly CastMember[] Deciders = [DemoCast.Mateo, DemoCast.Priya, DemoCast.Leila, DemoCast.Ingrid, DemoCast.Amara, DemoCast.Tomasz];

    /// <summary>Sees to it that an emergency session runs.</summary>
    public async Task SessionRunsAsync()
    {
        var (people, owner) = await PeopleAsync();
        if ((await stage.Get<SessionQueries>().RunningAsync(owner.Id, stage.Cancellation)).Any(s => s.Emergency))
            return;
        if (await RulesNowAsync(owner) is not { } rules || await ChooseAsync(Holders, Pleas.RunningNow, people, owner, rules) is not var (holder, plea))
            return;
        if (!rules.RequireApproval)
            (await stage.RaiseAsync(holder, plea)).Require();
        else if (Array.Find(Deciders, d => d != holder && people.TryGetValue(d, out var p) && p.Roles.HasAny(RolePermissions.Deciders)) is { } approver)
            await Scenes.RunningSessionAsync(stage, holder, approver, plea, "Go ahead, I stay reachable.");
    }

    /// <summary>Sees to it that something is checked out in the usual way.</summary>
    public async Task CheckoutRunsAsync()
    {
        var (people, owner) = await PeopleAsync();
        if ((await UsualAsync(owner)).Running.Count > 0 || await ErrandAsync(Errands.RunningNow, [DemoCast.Chloe, DemoCast.Rohan, DemoCast.Yuki], people) is not var (holder, errand))
            return;
        var raised = (await stage.CheckOutAsync(holder, errand)).Require();
        await stage.LingerAsync(95);
        var session = raised.Session ?? (await DeciderAsync(raised.Request, people) is { } approver ? (await stage.ApproveAsync(approver, raised.Request)).Require().Session : null);
        await stage.LingerAsync(30);
        if (session is { } running)
            (await stage.RevealAsync(holder, running)).Require();
    }

    /// <summary>Sees to it that one checkout waits for approval, and one for its second.</summary>
    public async Task CheckoutsWaitAsync()
    {
        var (people, owner) = await PeopleAsync();
        if ((await UsualAsync(owner)).Waiting.Count > 0)
            return;
        if (await ErrandAsync([Errands.HalfApprovedNow], [DemoCast.Yuki, DemoCast.Chloe], people) is var (careful, half))
        {
            var request = (await stage.CheckOutAsync(careful, half)).Require();
            await stage.LingerAsync(60);
            if (request.Session is null && await DeciderAsync(request.Request, people) is { } first)
            {
                (await stage.SeeAsync(first, request.Request)).Require();
                await stage.LingerAsync(20);
                (await stage.ApproveAsync(first, request.Request, "Plan looks right to me.")).Require();
            }
        }

        if (await ErrandAsync(Errands.WaitingNow, [DemoCast.Rohan, DemoCast.Chloe], people) is var (who, errand))
            (await stage.CheckOutAsync(who, errand)).Require();
    }

    private async Task<SessionDashboard> UsualAsync(PersonRow owner)
        => await stage.Get<Dashboard>().ReadAsync(owner.Id, RequestKind.Standard, stage.Now, stage.Cancellation);

    private async Task<(CastMember Who, Errand Errand)?> ErrandAsync(IReadOnlyList<Errand> errands, CastMember[] candidates, IReadOnlyDictionary<CastMember, PersonRow> people)
    {
        foreach (var who in candidates.Where(c => people.TryGetValue(c, out var row) && row.Roles.HasAny(RolePermissions.CanBeEligible)))
        {
            foreach (var errand in errands)
            {
                if (await stage.IdentityAsync(who, errand.Identity) is { Credentials: [{ MyPending: null, MySession: null }, ..] })
                    return (who, errand);
            }
        }

        return null;
    }

    private async Task<CastMember?> DeciderAsync(RequestId request, IReadOnlyDictionary<CastMember, PersonRow> people)
    {
        foreach (var decider in Deciders.Where(people.ContainsKey))
        {
            if (await stage.Get<RequestQueries>().PageAsync(stage.Cast[decider], request, stage.Cancellation) is { MayDecide: true })
                return decider;
        }

        return null;
    }

    /// <summary>Sees to it that an urgent request waits, unless approval is not required at all.</summary>
    public async Task RequestWaitsAsync()
    {
        var (people, owner) = await PeopleAsync();
        var queries = stage.Get<RequestQueries>();
        if ((await queries.InboxAsync(owner.Id, stage.Cancellation)).Any(r => r.IsEmergency) || (await queries.MinePendingAsync(owner.Id, stage.Cancellation)).Any(r => r.IsEmergency))
            return;
        if (await RulesNowAsync(owner) is { RequireApproval: true } rules && await ChooseAsync(Requesters, Pleas.WaitingNow, people, owner, rules) is var (requester, plea))
            await Scenes.UrgentRequestAsync(stage, requester, plea);
    }

    // As they count now: an overdue review makes approval mandatory, or – where a visitor chose so – lets nothing through.
    private async Task<EmergencyRules?> RulesNowAsync(PersonRow owner)
    {
        var rules = (await stage.Get<EditEmergencyPolicy>().ReadAsync(stage.Cancellation)).Rules;
        var reviews = await stage.Get<LiftReviewBlock>().ReadAsync(owner.Id, stage.Cancellation);
        if (reviews.Overdue.Count == 0)
            return rules;
        return reviews.Blocks ? null : rules with { RequireApproval = true };
    }

    private async Task<(IReadOnlyDictionary<CastMember, PersonRow> Active, PersonRow Owner)> PeopleAsync()
    {
        var active = (await stage.Get<ManagePeople>().ListAsync(stage.Cancellation)).Where(p => p.JoinedAt is not null && p.DisabledAt is null).ToList();
        var cast = DemoCast.All.Where(stage.Cast.Knows)
            .Select(m => (Member: m, Row: active.Find(p => p.Id == stage.Cast[m])))
            .Where(x => x.Row is not null).ToDictionary(x => x.Member, x => x.Row!);
        return (cast, active.First(p => p.Roles.HasAny(Roles.Owner)));
    }

    // People in their order, so that the usual ones are found; pleas in turn, so that no two visits read the same words.
    private async Task<(CastMember Who, Plea Plea)?> ChooseAsync(
        CastMember[] candidates, IReadOnlyList<Plea> pleas, IReadOnlyDictionary<CastMember, PersonRow> people, PersonRow reader, EmergencyRules rules)
    {
        var raised = await RaisedBeforeAsync(reader, pleas);
        foreach (var who in candidates)
        {
            if (!people.TryGetValue(who, out var row) || !rules.IsEligible(row.Roles) || !await HasRoomAsync(who, reader))
                continue;
            foreach (var plea in Enumerable.Range(0, pleas.Count).Select(i => pleas[(raised + i) % pleas.Count]))
            {
                if (await stage.IdentityAsync(who, plea.Identity) is { Credentials: [{ MyPending: null, MySession: null }, ..] })
                    return (who, plea with { Minutes = Math.Min(plea.Minutes, (int)rules.MaximumDuration.TotalMinutes) });
            }
        }

        return null;
    }

    private async Task<int> RaisedBeforeAsync(PersonRow reader, IReadOnlyList<Plea> pleas)
    {
        var names = pleas.Select(p => p.Identity).ToHashSet(StringComparer.Ordinal);
        var rows = (await stage.Get<ReadTrail>().PageAsync(reader.Id, new TrailFilter(Type: "request.raised"), cancellation: stage.Cancellation)).Rows;
        return rows.Count(r => r.IdentityName is { } name && names.Contains(name));
    }

    private async Task<bool> HasRoomAsync(CastMember who, PersonRow reader)
    {
        var id = stage.Cast[who];
        if ((await stage.Get<SessionQueries>().MineAsync(id, stage.Cancellation)).Count(s => s.Emergency) >= AccessRequest.MostRunningSessions)
            return false;
        var filter = new TrailFilter(Person: id, Type: "request.raised", From: stage.Now - Duration.FromHours(1));
        var rows = (await stage.Get<ReadTrail>().PageAsync(reader.Id, filter, cancellation: stage.Cancellation)).Rows;
        return rows.Count < AccessRequest.MostRequestsPerHour;
    }
}
