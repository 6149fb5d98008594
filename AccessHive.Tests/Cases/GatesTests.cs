using AccessHive.Core.Cases;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases;

/// <summary>The three gates, from facts and the clock alone.</summary>
public sealed class GatesTests
{
    private static readonly Instant now = Instant.FromUtc(2026, 11, 24, 9, 0);

    private static CaseFacts Over { get; } = new(null, null, null, 0, OutOfUse: false, AccountClosed: false, Reviewed: false, now + Duration.FromHours(1));

    [Fact]
    public void It_ends_with_the_last_request_and_session_at_the_very_instant()
    {
        var tick = Duration.FromTicks(1);

        Assert.Equal(GateReason.Ended, Ended(Over));
        Assert.Equal(GateReason.RequestPending, Ended(Over with { PendingUntil = now + tick }));
        Assert.Equal(GateReason.Ended, Ended(Over with { PendingUntil = now }));
        Assert.Equal(GateReason.SessionRunning, Ended(Over with { RunsUntil = now + tick, PendingUntil = now + tick }));
        Assert.Equal(GateReason.Ended, Ended(Over with { RunsUntil = now }));

        static GateReason Ended(CaseFacts facts) => CaseGates.Of(facts, now).Ended.Reason;
    }

    [Theory]
    [InlineData(null, 0, false, false, GateReason.NothingSeen, true)]
    [InlineData(null, 4, true, false, GateReason.NothingSeen, true)]
    [InlineData(1, 0, false, false, GateReason.StillInForce, false)]
    [InlineData(3, 3, false, false, GateReason.StillInForce, false)]
    [InlineData(3, 4, false, false, GateReason.Replaced, true)]
    [InlineData(3, 3, true, false, GateReason.OutOfUse, false)]
    [InlineData(3, 3, true, true, GateReason.AccountClosed, true)]
    [InlineData(3, 3, false, true, GateReason.StillInForce, false)]
    public void It_is_rotated_when_what_was_seen_was_replaced(int? seen, int verified, bool outOfUse, bool said, GateReason reason, bool closed)
    {
        var gates = CaseGates.Of(Over with { SeenVersion = seen, VerifiedVersion = verified, OutOfUse = outOfUse, AccountClosed = said }, now);

        Assert.Equal((reason, closed), (gates.Rotated.Reason, gates.Rotated.IsClosed));
    }

    [Fact]
    public void While_somebody_can_still_see_it_neither_rotation_nor_review_is_due()
    {
        var gates = CaseGates.Of(Over with { RunsUntil = now + Duration.FromMinutes(1), ReviewDueAt = now }, now);

        Assert.Equal((GateReason.NotOverYet, GateReason.StoryNotOver), (gates.Rotated.Reason, gates.Reviewed.Reason));
        Assert.Equal((GateState.Open, GateState.Open), (gates.Rotated.State, gates.Reviewed.State));
    }

    [Fact]
    public void A_missing_verdict_is_overdue_from_its_instant_on()
    {
        Assert.Equal(GateReason.ReviewOverdue, CaseGates.Of(Over with { ReviewDueAt = now }, now).Reviewed.Reason);
        Assert.Equal(GateReason.ReviewDue, CaseGates.Of(Over with { ReviewDueAt = now + Duration.FromTicks(1) }, now).Reviewed.Reason);
    }

    [Fact]
    public void It_takes_all_three_to_close()
    {
        var answers = from running in new[] { false, true }
                      from exposed in new[] { false, true }
                      from reviewed in new[] { false, true }
                      let facts = Over with { RunsUntil = running ? now + Duration.FromMinutes(1) : null, SeenVersion = exposed ? 1 : null, Reviewed = reviewed }
                      select (Open: running || exposed || !reviewed, CaseGates.Of(facts, now).AllClosed);

        Assert.All(answers, a => Assert.NotEqual(a.Open, a.AllClosed));
    }

    [Theory]
    [InlineData(72, "1 1 3 4 5 6 7")]
    [InlineData(24, "1 2 3 4 5 6 7")]
    [InlineData(30, "1 2 3 4 5 6 7")]
    [InlineData(168, "1 1 1 1 1 1 7")]
    public void It_reminds_on_the_first_day_and_then_daily_from_the_one_on_which_it_is_overdue(int due, string days)
    {
        var clock = new ReviewClock(now, Duration.FromHours(due));

        Assert.Equal(0, clock.ReminderAt(now + Duration.FromHours(24) - Duration.FromTicks(1)));
        Assert.Equal(days, string.Join(' ', Enumerable.Range(1, 7).Select(d => clock.ReminderAt(now + Duration.FromHours(24 * d)))));
        foreach (var sent in days.Split(' ').Select(int.Parse).Prepend(0).Distinct())
        {
            var next = clock.NextAfter(sent);
            Assert.True(clock.ReminderAt(next) > sent && clock.ReminderAt(next - Duration.FromTicks(1)) <= sent);
        }
    }
}
