using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Cases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases;

/// <summary>Every emergency becomes a case, and somebody else looks back at it (P12).</summary>
public sealed class ReviewTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Every_emergency_request_opens_a_case_whatever_becomes_of_it_and_a_checkout_none()
    {
        var granted = (await agency.RaiseAsync(agency.Adam)).Require().Request;
        await agency.DecideAsync(agency.Priya, granted);
        var denied = (await agency.RaiseAsync(agency.Olivia)).Require().Request;
        await agency.DecideAsync(agency.Priya, denied, Verdict.Deny);
        var withdrawn = (await agency.RaiseAsync(agency.Olivia)).Require().Request;
        await agency.Get<DecideRequestHandler>().WithdrawAsync(agency.Olivia, withdrawn);
        var lapsed = (await agency.RaiseAsync(agency.Olivia)).Require().Request;
        agency.Time.AdvanceMinutes(15);
        await agency.SettleAsync();
        await agency.Get<CheckOutHandler>().HandleAsync(agency.Max, new CheckOut(agency.AdsPassword, "A look at the spend", Duration.FromMinutes(30)));

        await using var db = await agency.ReadAsync();
        Assert.Equal([1, 2, 3, 4], await db.Cases.OrderBy(c => c.Number).Select(c => c.Number).ToListAsync());
        Assert.Equal([granted, denied, withdrawn, lapsed], await db.Cases.OrderBy(c => c.Number).Select(c => c.FirstRequestId).ToListAsync());
        Assert.Equal(4, (await agency.TrailAsync("case.opened")).Count);
        Assert.All(await db.Trail.Where(e => e.Type == "case.opened").ToListAsync(), e => Assert.True(e.Emergency));
    }

    [Fact]
    public async Task A_refused_request_opens_none()
    {
        Assert.True((await agency.RaiseAsync(agency.Max)).IsRefused);

        await using var db = await agency.ReadAsync();
        Assert.Empty(await db.Cases.ToListAsync());
    }

    [Theory]
    [InlineData("Adam", "own-case")]
    [InlineData("Olivia", "decided-case")]
    [InlineData("Priya", "not-reviewer")]
    [InlineData("Ian", "not-reviewer")]
    [InlineData("Aiko", "not-reviewer")]
    [InlineData("Max", "not-reviewer")]
    [InlineData("Sofia", null)]
    public async Task Requester_approver_and_whoever_does_not_review_are_refused(string who, string? code)
    {
        var request = (await agency.RaiseAsync(agency.Adam)).Require().Request;
        await agency.DecideAsync(agency.Olivia, request, Verdict.Deny);
        var it = await agency.CaseOfAsync(request);

        Assert.Equal(code, (await agency.ReviewAsync(Named(who), it.Id)).Refusal?.Code);
        Assert.Equal(code is null, (await agency.CaseAsync(it.Id)).ClosedAt is not null);
    }

    [Fact]
    public async Task Another_role_of_the_requester_or_the_approver_changes_nothing_and_a_role_that_is_lost_counts_at_once()
    {
        await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Adam, Roles.Admin | Roles.SecurityOwner);
        await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Priya, Roles.Approver | Roles.SecurityOwner);
        var it = await agency.OverAsync(seen: false);

        Assert.Equal("own-case", (await agency.ReviewAsync(agency.Adam, it.Id)).Refusal?.Code);
        Assert.Equal("decided-case", (await agency.ReviewAsync(agency.Priya, it.Id)).Refusal?.Code);
        await agency.Get<ManagePeople>().ChangeRolesAsync(agency.Olivia, agency.Sofia, Roles.Member);
        Assert.Equal("not-reviewer", (await agency.ReviewAsync(agency.Sofia, it.Id)).Refusal?.Code);
        await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Sofia);
        Assert.Equal("caller-not-active", (await agency.ReviewAsync(agency.Sofia, it.Id)).Refusal?.Code);
        Assert.Equal(4, (await agency.TrailAsync("attempt.refused")).Count);
    }

    [Fact]
    public async Task Who_approved_one_request_of_the_chain_reviews_none_of_it()
    {
        var first = await agency.GrantAsync(agency.Adam, agency.Olivia);
        await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, first);
        var next = (await agency.RaiseAsync(agency.Adam, reason: "The password reset needs another look today.", continues: first)).Require().Request;
        var second = (await agency.DecideAsync(agency.Priya, next)).Require().Session!.Value;
        await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, second);
        var it = await agency.CaseOfAsync(next);

        Assert.Equal(2, it.Members.Count);
        Assert.Equal(it.Id, (await agency.CaseOfAsync(first)).Id);
        Assert.Equal("decided-case", (await agency.ReviewAsync(agency.Olivia, it.Id)).Refusal?.Code);
        Assert.Null((await agency.ReviewAsync(agency.Sofia, it.Id)).Refusal);
    }

    [Fact]
    public async Task A_sole_approver_who_is_the_only_other_reviewer_leaves_it_unreviewed()
    {
        await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Sofia);
        var request = (await agency.RaiseAsync(agency.Adam)).Require().Request;
        await agency.DecideAsync(agency.Olivia, request, Verdict.Deny);
        var it = await agency.CaseOfAsync(request);

        foreach (var (_, id) in Everybody())
            Assert.True((await agency.ReviewAsync(id, it.Id)).IsRefused);
        Assert.Null((await agency.CaseAsync(it.Id)).ReviewedAt);
    }

    [Fact]
    public async Task A_verdict_waits_until_the_story_is_over_and_there_is_one()
    {
        var session = await agency.GrantAsync(agency.Adam, minutes: 5);
        var it = await agency.CaseOfAsync(session);
        Assert.Equal("case-not-over", (await agency.ReviewAsync(agency.Sofia, it.Id)).Refusal?.Code);

        // Over by the clock, whether or not the deadline loop has said so.
        agency.Time.AdvanceMinutes(5);
        Assert.Null((await agency.ReviewAsync(agency.Sofia, it.Id)).Refusal);
        Assert.Equal("already-reviewed", (await agency.ReviewAsync(agency.Olivia, it.Id)).Refusal?.Code);
        Assert.Equal("Sofia", (await agency.ReviewAsync(agency.Olivia, it.Id)).Refusal?.Facts["by"]);
    }

    [Fact]
    public async Task Answers_with_no_need_words_and_a_follow_up_has_to_be_there()
    {
        var it = await agency.OverAsync(seen: false);
        var no = new ReviewAnswers(WasGenuine: false, "It was a demo for the client.", DurationRight: false, " x ", NeedsFollowUp: true);

        Assert.Equal("answer-words-missing", (await agency.ReviewAsync(agency.Sofia, it.Id, CaseVerdict.Misuse, no)).Refusal?.Code);
        no = no with { DurationWords = "Ten minutes would have done." };
        Assert.Equal("verdict-contradicts-answer", (await agency.ReviewAsync(agency.Sofia, it.Id, CaseVerdict.Genuine, no)).Refusal?.Code);
        Assert.Equal("follow-up-missing", (await agency.ReviewAsync(agency.Sofia, it.Id, CaseVerdict.Misuse, no)).Refusal?.Code);
        var followUp = (await agency.Get<ReviewCases>().AddFollowUpAsync(agency.Sofia, new AddFollowUp(it.Id, "Talk to Adam", agency.Olivia, agency.Now + Duration.FromDays(2)))).Require();
        Assert.Null((await agency.ReviewAsync(agency.Sofia, it.Id, CaseVerdict.Misuse, no)).Refusal);

        Assert.Equal("not-your-follow-up", (await agency.Get<ReviewCases>().SetFollowUpAsync(agency.Adam, it.Id, followUp, done: true)).Refusal?.Code);
        Assert.Null((await agency.Get<ReviewCases>().SetFollowUpAsync(agency.Olivia, it.Id, followUp, done: true)).Refusal);
        Assert.Equal(["case.opened", "case.follow-up-added", "case.reviewed", "case.closed", "case.follow-up-done"], await agency.TrailAsync("case."));
    }

    [Fact]
    public async Task An_auditor_remarks_and_decides_nothing_and_who_took_part_reads_along()
    {
        var it = await agency.OverAsync(seen: false);
        var cases = agency.Get<ReviewCases>();

        Assert.Null((await cases.CommentAsync(agency.Aiko, it.Id, "Which ticket was this?")).Refusal);
        Assert.Equal("own-case", (await cases.CommentAsync(agency.Adam, it.Id, "Mine.")).Refusal?.Code);
        Assert.Equal("not-case-reader", (await cases.CommentAsync(agency.Priya, it.Id, "I approved it.")).Refusal?.Code);
        Assert.Equal("not-reviewer", (await cases.ReopenAsync(agency.Aiko, it.Id, "Again.")).Refusal?.Code);
        Assert.Equal("not-reviewer", (await cases.AddFollowUpAsync(agency.Aiko, new AddFollowUp(it.Id, "Something", agency.Aiko, agency.Now + Duration.FromDays(1)))).Refusal?.Code);
        Assert.Equal("Which ticket was this?", Assert.Single((await agency.CaseAsync(it.Id)).Comments).Text);
    }

    [Fact]
    public async Task The_first_look_of_each_who_may_review_is_kept_and_the_time_until_the_verdict_with_it()
    {
        var (quick, slow) = (await agency.OverAsync(seen: false), await agency.OverAsync(seen: false));
        var cases = agency.Get<ReviewCases>();
        Assert.True(await cases.OpenedAsync(agency.Sofia, slow.Id));
        Assert.False(await cases.OpenedAsync(agency.Sofia, slow.Id));
        Assert.True(await cases.OpenedAsync(agency.Olivia, slow.Id));
        Assert.False(await cases.OpenedAsync(agency.Adam, slow.Id));
        Assert.False(await cases.OpenedAsync(agency.Aiko, slow.Id));

        agency.Time.AdvanceMinutes(4);
        await cases.OpenedAsync(agency.Sofia, quick.Id);
        agency.Time.Advance(Duration.FromSeconds(29));
        await agency.ReviewAsync(agency.Sofia, slow.Id);
        await agency.ReviewAsync(agency.Sofia, quick.Id);

        var (first, second) = (Assert.Single((await agency.CaseAsync(slow.Id)).Reviews), Assert.Single((await agency.CaseAsync(quick.Id)).Reviews));
        Assert.Equal((269, false), ((int)first.Looked.TotalSeconds, first.IsInstant));
        Assert.Equal((29, true), ((int)second.Looked.TotalSeconds, second.IsInstant));
        Assert.Equal(3, (await agency.TrailAsync("case.opened-by-reviewer")).Count);
        await using var db = await agency.ReadAsync();
        var told = await db.Trail.Where(e => e.Type == "case.reviewed").OrderBy(e => e.Seq).Select(e => e.Payload).ToListAsync();
        Assert.DoesNotContain("others within a minute", System.Text.Encoding.UTF8.GetString(told[0]), StringComparison.Ordinal);
        Assert.Contains("\"instant\":\"yes\",\"others within a minute\":\"1\"", System.Text.Encoding.UTF8.GetString(told[1]), StringComparison.Ordinal);
    }

    private PersonId Named(string who) => Everybody().Single(p => p.Name == who).Id;

    private IEnumerable<(string Name, PersonId Id)> Everybody() =>
    [
        ("Olivia", agency.Olivia), ("Adam", agency.Adam), ("Priya", agency.Priya), ("Ian", agency.Ian), ("Sofia", agency.Sofia), ("Aiko", agency.Aiko), ("Max", agency.Max),
    ];
}
