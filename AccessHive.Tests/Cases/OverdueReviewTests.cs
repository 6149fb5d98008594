using AccessHive.Core.Cases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Tests.World;
using AccessHive.Web.Features.Requests;
using AccessHive.Web.Features.Shared;
using Bunit;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases;

public sealed class OverdueReviewTests
{
    [Fact]
    public async Task While_a_review_is_overdue_approval_is_mandatory_and_the_trail_says_why()
    {
        await using var agency = await OwingAsync();
        agency.Time.Advance(Duration.FromHours(71));
        Assert.NotNull((await agency.RaiseAsync(agency.Adam)).Require().Session);
        agency.Time.Advance(Duration.FromHours(1));
        await agency.SettleAsync();

        var raised = (await agency.RaiseAsync(agency.Olivia)).Require();

        Assert.Null(raised.Session);
        await using var db = await agency.ReadAsync();
        Assert.True((await db.Requests.SingleAsync(r => r.Id == raised.Request)).Terms is { RequireApproval: true, BecauseOverdue: true });
        var said = System.Text.Encoding.UTF8.GetString((await db.Trail.SingleAsync(e => e.Type == "request.raised" && e.RequestId == raised.Request)).Payload);
        Assert.Contains("\"approval because\":\"a review is overdue\"", said, StringComparison.Ordinal);
        Assert.NotNull((await agency.DecideAsync(agency.Priya, raised.Request)).Require().Session);
    }

    [Fact]
    public async Task A_review_by_somebody_else_gives_the_card_its_word_back()
    {
        await using var agency = await OwingAsync();
        agency.Time.Advance(Duration.FromHours(72));
        var offer = (await agency.Get<EmergencyOffers>().ReadAsync(agency.Olivia, agency.Ads, null))!;
        Assert.True(offer is { ApprovalBecauseOverdue: true, Overdue: [1], Blocked: null, Rules.RequireApproval: true });

        await using var db = await agency.ReadAsync();
        var id = await db.Cases.Select(c => c.Id).SingleAsync();
        (await agency.Get<ReviewCases>().ReviewAsync(agency.Sofia, new ReviewCase(id, CaseVerdict.Genuine, new ReviewAnswers(WasGenuine: true, "", DurationRight: true, "", NeedsFollowUp: false)))).Require();

        Assert.False((await agency.Get<EmergencyOffers>().ReadAsync(agency.Olivia, agency.Ads, null))!.ApprovalBecauseOverdue);
        Assert.NotNull((await agency.RaiseAsync(agency.Olivia)).Require().Session);
    }

    [Fact]
    public async Task Blocked_by_choice_an_Owner_lifts_it_for_a_while_and_does_not_go_through_it_themselves()
    {
        await using var agency = await OwingAsync();
        var omar = await agency.InviteAsync("Omar", Roles.Owner);
        (await agency.SaveRulesAsync(r => r with { BlockWhileOverdue = true })).Require();
        var block = agency.Get<LiftReviewBlock>();
        Assert.Equal(ReviewDebtRefusals.NothingBlocked, (await block.LiftAsync(agency.Olivia, ReviewBlockLift.Usual, "Launch night of Bergmann.")).Refusal);
        agency.Time.Advance(Duration.FromHours(72));

        var refused = (await agency.RaiseAsync(agency.Adam)).Refusal!;
        Assert.Equal(ReviewDebtRefusals.Blocked, refused);
        Assert.Contains("case 1. An owner can lift the block for a while: Olivia, Omar.", RefusalWords.For(refused), StringComparison.Ordinal);
        Assert.Equal(ReviewDebtRefusals.NotOwner, (await block.LiftAsync(agency.Adam, ReviewBlockLift.Usual, "Launch night of Bergmann.")).Refusal);
        Assert.Equal(ReviewDebtRefusals.ReasonMissing, (await block.LiftAsync(agency.Olivia, ReviewBlockLift.Usual, "  short  ")).Refusal);
        Assert.Equal(ReviewDebtRefusals.LengthOutOfRange, (await block.LiftAsync(agency.Olivia, Duration.FromHours(25), "Launch night of Bergmann.")).Refusal);

        (await block.LiftAsync(agency.Olivia, ReviewBlockLift.Usual, "Launch night of Bergmann.")).Require();

        Assert.Equal(ReviewDebtRefusals.LiftedByYouAlready, (await block.LiftAsync(agency.Olivia, ReviewBlockLift.Usual, "And once more, please.")).Refusal);
        Assert.Equal(ReviewDebtRefusals.Blocked, (await agency.RaiseAsync(agency.Olivia)).Refusal);
        Assert.Null((await agency.RaiseAsync(omar)).Require().Session);
        agency.Time.Advance(Duration.FromHours(4) - Duration.FromMilliseconds(1));
        Assert.NotEqual(ReviewDebtRefusals.Blocked, (await agency.RaiseAsync(agency.Adam)).Refusal);
        agency.Time.Advance(Duration.FromMilliseconds(1));
        Assert.Equal(ReviewDebtRefusals.Blocked, (await agency.RaiseAsync(agency.Adam, reason: "Another thing that can't wait at all.")).Refusal);
        Assert.Contains("reviews.block-lifted", await agency.TrailAsync("reviews."));
    }

    [Fact]
    public async Task The_last_Owner_may_use_their_own_lift_for_nobody_else_could_lift()
    {
        await using var agency = await OwingAsync();
        (await agency.SaveRulesAsync(r => r with { BlockWhileOverdue = true })).Require();
        agency.Time.Advance(Duration.FromHours(72));
        Assert.Contains("You are the only owner", RefusalWords.For((await agency.RaiseAsync(agency.Olivia)).Refusal!), StringComparison.Ordinal);
        (await agency.Get<LiftReviewBlock>().LiftAsync(agency.Olivia, ReviewBlockLift.Usual, "The shop is down and I am alone.")).Require();

        Assert.Null((await agency.RaiseAsync(agency.Olivia)).Require().Session);
    }

    // An emergency by Adam, granted at once, that nobody reviews.
    private static async Task<TestAgency> OwingAsync()
    {
        var agency = await TestAgency.FoundAsync();
        (await agency.SaveRulesAsync(r => r with { RequireApproval = false })).Require();
        var session = (await agency.RaiseAsync(agency.Adam)).Require().Session!.Value;
        (await agency.Get<Core.Sessions.UseCases.EndSessionHandler>().EndAsync(agency.Adam, session)).Require();
        return agency;
    }
}
