using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Requests;

public sealed class EmergencyFlowTests
{
    [Fact]
    public async Task An_emergency_runs_from_the_request_to_the_end_and_every_step_is_in_the_trail()
    {
        await using var agency = await TestAgency.FoundAsync();
        agency.Presence.Enters(agency.Priya);

        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        Assert.Single(await agency.Get<RequestQueries>().InboxAsync(agency.Priya));
        var session = (await agency.DecideAsync(agency.Priya, raised.Request, comment: "Go.")).Require().Session!.Value;
        Assert.Equal(TestAgency.Secret, (await agency.RevealAsync(agency.Adam, session)).Require());
        agency.Time.AdvanceMinutes(30);
        Assert.Equal(SessionRefusals.SessionOver, (await agency.RevealAsync(agency.Adam, session)).Refusal);
        await agency.SettleAsync();

        Assert.Equal(
            ["request.raised", "request.routed", "request.approved"],
            await agency.TrailAsync("request."));
        Assert.Equal(["session.started", "session.secret-revealed", "session.expired"], await agency.TrailAsync("session."));
        var page = await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(Emergency: true, Person: agency.Adam, Text: "berg"));
        Assert.Equal(8, page.Rows.Count);
        Assert.NotNull(await agency.Get<SessionQueries>().PageAsync(agency.Adam, session));
        Assert.NotNull(await agency.Get<RequestQueries>().PageAsync(agency.Adam, raised.Request));
        Assert.NotNull(await agency.Get<IdentityQueries>().PageAsync(agency.Adam, agency.Ads));
        Assert.Single((await agency.Get<IdentityQueries>().ListAsync(new IdentityFilter("google berg"))).Rows);
        Assert.NotNull(await agency.Get<ReadTrail>().DetailAsync(agency.Aiko, page.Rows[0].Seq));
        Assert.Single(await agency.Get<RequestQueries>().DecidedAsync(agency.Priya));
        Assert.Single(await agency.Get<SessionQueries>().PastAsync(agency.Priya));
    }
}
