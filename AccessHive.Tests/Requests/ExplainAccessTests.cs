using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Requests;
using AccessHive.Web.Features.Shared;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Requests;

/// <summary>What the troubleshooting page answers is about the person who asks, and true at that moment (P14).</summary>
public sealed class ExplainAccessTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Every_case_has_an_answer_and_a_step_for_everybody()
    {
        foreach (var person in new[] { agency.Olivia, agency.Adam, agency.Priya, agency.Ian, agency.Sofia, agency.Aiko, agency.Max })
        {
            foreach (var identity in new IdentityId?[] { null, agency.Ads, IdentityId.New() })
            {
                foreach (var one in TroubleCase.All)
                {
                    var answer = await AnswerAsync(one.Key, person, identity);
                    Assert.All(answer.Why.Concat(answer.Steps.Select(s => s.Words)), words => Assert.False(string.IsNullOrWhiteSpace(words)));
                    Assert.NotEmpty(answer.Why);
                    Assert.NotEmpty(answer.Steps);
                }
            }
        }
    }

    [Fact]
    public async Task Who_is_not_eligible_reads_their_roles_the_eligible_ones_and_names_to_ask()
    {
        agency.Presence.Enters(agency.Adam);

        var words = Words(await AnswerAsync(TroubleCase.NotAvailable, agency.Max));

        Assert.Contains("Your roles are Member. Eligible are Owner and Admin.", words, StringComparison.Ordinal);
        Assert.Contains("Adam (here now) or Olivia", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_eligible_reads_that_they_are()
        => Assert.Contains("It is available to you", Words(await AnswerAsync(TroubleCase.NotAvailable, agency.Adam)), StringComparison.Ordinal);

    [Fact]
    public async Task A_lapsed_request_is_explained_with_who_was_asked_and_whom_to_call()
    {
        agency.Presence.Enters(agency.Priya);
        await agency.RaiseAsync(agency.Adam);
        agency.Time.AdvanceMinutes(15);

        var words = Words(await AnswerAsync(TroubleCase.NotApproved, agency.Adam));

        Assert.Contains("Your request for Bergmann – Google Ads lapsed", words, StringComparison.Ordinal);
        Assert.Contains("one approver was asked and didn't see it", words, StringComparison.Ordinal);
        Assert.Contains("Here right now: Priya", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lapses_that_keep_happening_are_called_what_they_are()
    {
        for (var i = 0; i < 2; i++)
        {
            await agency.RaiseAsync(agency.Adam);
            agency.Time.AdvanceMinutes(15);
            await agency.SettleAsync();
        }

        Assert.Contains("no cover around the clock", Words(await AnswerAsync(TroubleCase.NotApproved, agency.Olivia)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_session_is_named_and_so_is_a_chain_of_them()
    {
        var first = await agency.GrantAsync(agency.Adam, minutes: 5);
        agency.Time.AdvanceMinutes(5);
        var second = await ContinueAsync(first, "The client still waits for the second half of it.");
        agency.Time.AdvanceMinutes(5);
        await ContinueAsync(second, "And now the third and last part has to be done.");
        agency.Time.AdvanceMinutes(5);

        var words = Words(await AnswerAsync(TroubleCase.Expired, agency.Adam));

        Assert.Contains("ran for 5 min", words, StringComparison.Ordinal);
        Assert.Contains("It was the 3rd in a row", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_session_says_by_whom_and_why()
    {
        var session = await agency.GrantAsync(agency.Adam);
        (await agency.Get<EndSessionHandler>().RevokeAsync(agency.Sofia, session, "Called off.")).Require();

        var words = Words(await AnswerAsync(TroubleCase.Revoked, agency.Adam));

        Assert.Contains("revoked by Sofia", words, StringComparison.Ordinal);
        Assert.Contains("Called off.", words, StringComparison.Ordinal);
        Assert.Equal(EndReason.Revoked, (await agency.Get<ExplainAccess>().ReadAsync(agency.Adam, null)).Past!.Reason);
    }

    [Fact]
    public async Task Who_asked_too_often_reads_when_they_can_again()
    {
        for (var i = 0; i < AccessRequest.MostRequestsPerHour; i++)
        {
            var raised = (await agency.RaiseAsync(agency.Adam)).Require();
            await agency.DecideAsync(agency.Priya, raised.Request, Verdict.Deny);
        }

        var answers = await agency.Get<ExplainAccess>().ReadAsync(agency.Adam, null);

        Assert.Equal(agency.Now + Duration.FromHours(1), answers.NextRequestAt);
        Assert.Contains("asked 5 times within the hour", Words(await AnswerAsync(TroubleCase.Limits, agency.Adam)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waiting_checkout_names_who_can_decide_it_and_never_its_requester()
    {
        (await agency.Get<CheckOutHandler>().HandleAsync(agency.Priya, new CheckOut(agency.AdsPassword, "Monthly report", Duration.FromHours(1)))).Require();

        var words = Words(await AnswerAsync(TroubleCase.Waiting, agency.Priya));

        Assert.Contains("Your request for Bergmann – Google Ads waits until", words, StringComparison.Ordinal);
        Assert.Contains("Who can decide it: Adam or Olivia.", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_nobody_left_to_approve_it_says_so_and_whom_to_ask()
    {
        (await agency.Get<CheckOutHandler>().HandleAsync(agency.Max, new CheckOut(agency.AdsPassword, "Monthly report", Duration.FromHours(1)))).Require();
        await agency.SqlAsync("UPDATE ApproverLists SET Everybody = 0");

        Assert.Contains("Nobody could decide it today", Words(await AnswerAsync(TroubleCase.Waiting, agency.Max)), StringComparison.Ordinal);
        Assert.Contains("Nobody on that list could approve for you today", Words(await AnswerAsync(TroubleCase.CannotCheckOut, agency.Max, agency.Ads)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_auditor_reads_why_they_hold_nothing()
        => Assert.Contains("an Auditor never holds access", Words(await AnswerAsync(TroubleCase.CannotCheckOut, agency.Aiko)), StringComparison.Ordinal);

    [Fact]
    public async Task Somebody_disabled_is_nobody_to_ask()
    {
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Adam)).Require();

        Assert.DoesNotContain("Adam", Words(await AnswerAsync(TroubleCase.NotAvailable, agency.Max)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_case_that_a_refusal_leads_to_exists()
    {
        string[] codes = ["not-eligible", "session-over", "window-closed", "too-many-requests", "already-running", "senior-needed", "already-extended"];

        Assert.All(codes, code => Assert.NotNull(TroubleCase.Of(new Refusal(code))));
        Assert.Null(TroubleCase.Of(new Refusal("name-missing")));
        Assert.Equal(TroubleCase.All.Count, TroubleCase.All.Select(c => c.Key).Distinct(StringComparer.Ordinal).Count());
    }

    private async Task<SessionId> ContinueAsync(SessionId before, string why)
    {
        var raised = (await agency.RaiseAsync(agency.Adam, reason: why, minutes: 5, continues: before)).Require();
        return (await agency.DecideAsync(agency.Priya, raised.Request)).Require().Session!.Value;
    }

    private async Task<TroubleAnswer> AnswerAsync(string key, PersonId person, IdentityId? identity = null)
        => TroubleAnswer.To(TroubleCase.Find(key)!, await agency.Get<ExplainAccess>().ReadAsync(person, identity), NodaTime.Text.InstantPattern.General.Format);

    private static string Words(TroubleAnswer answer) => string.Join(' ', answer.Why.Concat(answer.Steps.Select(s => s.Words)));
}
