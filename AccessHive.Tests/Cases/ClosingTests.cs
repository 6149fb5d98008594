using AccessHive.Core.Cases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Cases;

/// <summary>A case closes with the last of its three gates, whichever that is, and never before: by page, by race, by hand in the database.</summary>
public sealed class ClosingTests : IAsyncLifetime
{
    private const string Again = "The spend has started again, another look is needed.";
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task The_review_closes_it_when_the_rest_is_done()
    {
        var it = await agency.OverAsync();
        await agency.RotateAsync();
        Assert.Null((await agency.CaseAsync(it.Id)).ClosedAt);

        await agency.ReviewAsync(agency.Sofia, it.Id);

        Assert.NotNull((await agency.CaseAsync(it.Id)).ClosedAt);
    }

    [Fact]
    public async Task The_rotation_closes_it_when_the_rest_is_done_in_its_own_transaction()
    {
        var it = await agency.OverAsync();
        await agency.ReviewAsync(agency.Sofia, it.Id);
        var rotation = await agency.ReadyToConfirmAsync();
        Assert.Null((await agency.CaseAsync(it.Id)).ClosedAt);

        await agency.Get<KeepRotations>().ConfirmAsync(agency.Olivia, rotation);

        Assert.NotNull((await agency.CaseAsync(it.Id)).ClosedAt);
        Assert.Equal(["rotation.verified", "case.closed"], (await agency.TrailAsync()).TakeLast(2));
    }

    [Fact]
    public async Task Where_nothing_was_seen_there_is_nothing_to_rotate()
    {
        var it = await agency.OverAsync(seen: false);

        await agency.ReviewAsync(agency.Sofia, it.Id);

        Assert.NotNull((await agency.CaseAsync(it.Id)).ClosedAt);
    }

    [Fact]
    public async Task What_closed_while_nobody_was_there_is_closed_by_the_loop()
    {
        var it = await agency.OverAsync();
        await agency.ReviewAsync(agency.Sofia, it.Id);
        await agency.SqlAsync("UPDATE Credentials SET VerifiedVersion = CurrentVersion + 1");

        await agency.SettleAsync();

        Assert.NotNull((await agency.CaseAsync(it.Id)).ClosedAt);
    }

    [Fact]
    public async Task A_credential_that_is_put_out_of_use_first_needs_somebody_who_answers_for_the_account()
    {
        var it = await agency.OverAsync();
        await agency.ReviewAsync(agency.Sofia, it.Id);
        var cases = agency.Get<ReviewCases>();
        Assert.Equal("still-in-use", (await cases.SayAccountClosedAsync(agency.Ian, it.Id, "Closed at the platform.")).Refusal?.Code);
        await agency.Get<KeepIdentities>().ArchiveCredentialAsync(agency.Ian, agency.AdsPassword);
        await agency.SettleAsync();
        Assert.Null((await agency.CaseAsync(it.Id)).ClosedAt);

        Assert.Equal("own-case", (await cases.SayAccountClosedAsync(agency.Adam, it.Id, "Closed at the platform.")).Refusal?.Code);
        Assert.Equal("not-vault-manager", (await cases.SayAccountClosedAsync(agency.Sofia, it.Id, "Closed at the platform.")).Refusal?.Code);
        Assert.Equal("closure-words-missing", (await cases.SayAccountClosedAsync(agency.Ian, it.Id, " ")).Refusal?.Code);
        Assert.Null((await cases.SayAccountClosedAsync(agency.Ian, it.Id, "Closed at the platform; the client confirmed it.")).Refusal);

        Assert.NotNull((await agency.CaseAsync(it.Id)).ClosedAt);
        Assert.Equal(["case.account-closed", "case.closed"], (await agency.TrailAsync("case.")).TakeLast(2));
    }

    [Fact]
    public async Task Opened_again_it_needs_another_verdict_and_keeps_the_first()
    {
        var it = await agency.OverAsync(seen: false);
        var cases = agency.Get<ReviewCases>();
        Assert.Equal("nothing-to-reopen", (await cases.ReopenAsync(agency.Sofia, it.Id, "Look again.")).Refusal?.Code);
        await agency.ReviewAsync(agency.Sofia, it.Id);
        Assert.Equal("own-case", (await cases.ReopenAsync(agency.Adam, it.Id, "Look again.")).Refusal?.Code);
        agency.Time.Advance(Duration.FromDays(10));
        Assert.Null((await cases.ReopenAsync(agency.Olivia, it.Id, "The client says otherwise.")).Refusal);

        var open = await agency.CaseAsync(it.Id);
        Assert.Equal((null, null, null, 2), (open.ClosedAt, open.ReviewedAt, open.Verdict, open.Round));
        Assert.Equal(agency.Now, open.DueFrom);
        await agency.ReviewAsync(agency.Olivia, it.Id, CaseVerdict.PolicyGap);
        var closed = await agency.CaseAsync(it.Id);
        Assert.NotNull(closed.ClosedAt);
        Assert.Equal([CaseVerdict.Genuine, CaseVerdict.PolicyGap], closed.Reviews.OrderBy(r => r.Round).Select(r => r.Verdict));
    }

    [Fact]
    public async Task A_continuation_opens_a_closed_case_again()
    {
        var session = await agency.GrantAsync(agency.Adam);
        await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session);
        var it = await agency.CaseOfAsync(session);
        await agency.ReviewAsync(agency.Sofia, it.Id);
        Assert.NotNull((await agency.CaseAsync(it.Id)).ClosedAt);

        var next = (await agency.RaiseAsync(agency.Adam, reason: Again, continues: session)).Require().Request;

        Assert.Equal(it.Id, (await agency.CaseOfAsync(next)).Id);
        Assert.Null((await agency.CaseAsync(it.Id)).ClosedAt);
        Assert.Equal(["request.raised", "case.reopened", "case.joined"], (await agency.TrailAsync()).Where(t => t is "request.raised" or "case.reopened" or "case.joined").TakeLast(3));
        Assert.Equal("case-not-over", (await agency.ReviewAsync(agency.Sofia, it.Id)).Refusal?.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Verdict_continuation_and_rotation_at_once_leave_no_closed_case_with_an_open_gate(int first)
    {
        var session = await agency.GrantAsync(agency.Adam);
        await agency.RevealAsync(agency.Adam, session);
        await agency.Get<EndSessionHandler>().EndAsync(agency.Adam, session);
        var it = await agency.CaseOfAsync(session);
        var rotation = await agency.ReadyToConfirmAsync();

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(async () =>
        {
            switch ((i + first) % 5)
            {
                case 0:
                    await agency.ReviewAsync(i % 2 == 0 ? agency.Sofia : agency.Olivia, it.Id);
                    break;
                case 1 when i is > 8 and < 16:
                    await agency.RaiseAsync(agency.Adam, reason: $"{Again} {i}", continues: session);
                    break;
                case 2:
                    await agency.Get<KeepRotations>().ConfirmAsync(agency.Olivia, rotation);
                    break;
                case 3 when i > 20:
                    await agency.Get<ReviewCases>().ReopenAsync(agency.Sofia, it.Id, "Look again.");
                    break;
                default:
                    foreach (var source in agency.Services.GetServices<IDeadlineSource>())
                        await source.SettleAsync(CancellationToken.None);
                    break;
            }
        })));

        var after = await agency.CaseAsync(it.Id);
        await using var db = await agency.ReadAsync();
        var pending = await db.Requests.AnyAsync(r => r.State == RequestState.Pending);
        Assert.True(pending);
        Assert.Null(after.ClosedAt);
        Assert.Equal(2, after.Members.Count);
        var life = (await agency.TrailAsync("case.")).Where(t => t is "case.reviewed" or "case.reopened" or "case.closed").ToList();
        // Each verdict and each closing is taken back before the next: no two in a row.
        foreach (var (a, b) in life.Where(t => t != "case.closed").Zip(life.Where(t => t != "case.closed").Skip(1)))
            Assert.NotEqual(a, b);
        Assert.Equal(after.ReviewedAt is null ? 0 : 1, life.Count(t => t == "case.reviewed") - life.Count(t => t == "case.reopened"));
    }

    [Theory]
    [InlineData("UPDATE Cases SET ClosedAt = {now} WHERE Number = 1", "all three gates")]
    [InlineData("UPDATE Cases SET ClosedAt = {now} WHERE Number = 2", "all three gates")]
    [InlineData("UPDATE Cases SET ClosedAt = {now} WHERE Number = 3", "all three gates")]
    [InlineData("UPDATE Cases SET ClosedAt = {now}, ReviewedAt = {now}, ReviewedBy = (SELECT Id FROM People WHERE Name = 'Adam'), Verdict = 'Genuine' WHERE Number = 4", "all three gates")]
    [InlineData("UPDATE Cases SET Verdict = 'Misuse' WHERE Number = 5", "being opened again")]
    [InlineData("UPDATE Cases SET ClosedAt = ClosedAt - 1 WHERE Number = 5", "being opened again")]
    [InlineData("UPDATE CaseReviews SET Verdict = 'Misuse'", "as it was given")]
    [InlineData("DELETE FROM CaseReviews", "as it was given")]
    [InlineData("DELETE FROM Cases", "kept")]
    [InlineData("DELETE FROM CaseRequests", "stays in its case")]
    [InlineData("UPDATE CaseRequests SET CaseId = (SELECT Id FROM Cases WHERE Number = 1) WHERE CaseId <> (SELECT Id FROM Cases WHERE Number = 1)", "stays in its case")]
    [InlineData("INSERT INTO CaseRequests (RequestId, CaseId, JoinedAt) SELECT '00000000-0000-0000-0000-000000000001', Id, 0 FROM Cases WHERE Number = 5", "opened again before")]
    public async Task The_database_refuses_by_itself(string sql, string because)
    {
        // 1 runs, 2 was seen and is judged, 3 waits for a decision, 4 is over and not judged, 5 is closed.
        var runs = await agency.GrantAsync(agency.Adam);
        await agency.SqlAsync("UPDATE Cases SET ReviewedAt = 1, ReviewedBy = (SELECT Id FROM People WHERE Name = 'Sofia'), Verdict = 'Genuine'");
        var seen = await agency.OverAsync(holder: agency.Olivia);
        await agency.ReviewAsync(agency.Sofia, seen.Id);
        await agency.RaiseAsync(agency.Olivia);
        await agency.SqlAsync("UPDATE Cases SET ReviewedAt = 1, ReviewedBy = (SELECT Id FROM People WHERE Name = 'Sofia'), Verdict = 'Genuine' WHERE Number = 3");
        var (_, other) = await agency.KeepAsync("Lumen – Meta Ads");
        await agency.OverAsync(seen: false, other);
        var closed = await agency.OverAsync(seen: false, other);
        await agency.ReviewAsync(agency.Sofia, closed.Id);
        Assert.NotNull((await agency.CaseAsync(closed.Id)).ClosedAt);
        // Verdicts for those that lack nothing else, so that each is refused for its own gate.
        await agency.SqlAsync("INSERT INTO CaseReviews SELECT c.Id, c.Round, c.ReviewedBy, 1, 1, 'Genuine', '', 1, '', '', 0, 1 FROM Cases c WHERE c.Number IN (1, 3)");
        Assert.NotEqual(default, runs);

        var refused = await Assert.ThrowsAsync<SqliteException>(() => agency.SqlAsync(sql.Replace("{now}", agency.Now.ToUnixTimeTicks().ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));

        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }
}
