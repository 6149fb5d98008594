using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace AccessHive.Tests.Audit;

public sealed class TrailTests : IAsyncLifetime
{
    private const string Broken = "CREATE TRIGGER Broken BEFORE INSERT ON Trail BEGIN SELECT RAISE(ABORT, 'disk'); END";
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Numbers_are_dense_times_never_decrease_and_each_entry_names_the_leaf_before_it()
    {
        await LiveALittleAsync();

        var leaf = new byte[32];
        var (seq, at) = (0L, long.MinValue);
        foreach (var entry in await EntriesAsync())
        {
            Assert.Equal(++seq, entry.Seq);
            Assert.True(entry.RecordedAt >= at);
            Assert.Equal(SHA256.HashData([0, .. entry.Payload]), entry.LeafHash);
            using var payload = JsonDocument.Parse(entry.Payload);
            Assert.Equal(Convert.ToHexStringLower(leaf), payload.RootElement.GetProperty("prev").GetString());
            (leaf, at) = (entry.LeafHash, entry.RecordedAt);
        }

        Assert.True(seq > 40);
    }

    [Fact]
    public async Task Every_column_is_a_projection_of_the_hashed_bytes()
    {
        await LiveALittleAsync();

        foreach (var entry in await EntriesAsync())
        {
            using var payload = JsonDocument.Parse(entry.Payload);
            var root = payload.RootElement;
            Assert.Equal((1, entry.Seq, entry.Type, entry.Emergency), (root.GetProperty("v").GetInt32(), root.GetProperty("seq").GetInt64(), root.GetProperty("type").GetString(), root.GetProperty("emergency").GetBoolean()));
            Assert.Equal(entry.At, InstantPattern.ExtendedIso.Parse(root.GetProperty("at").GetString()!).Value);
            Assert.Equal(entry.ActorId?.ToString(), Guid.TryParse(root.GetProperty("by").GetString(), out _) ? root.GetProperty("by").GetString() : null);
            Assert.Equal(entry.PersonId?.ToString(), Text(root, "person"));
            Assert.Equal(entry.IdentityId?.ToString(), Text(root, "identity"));
            Assert.Equal(entry.CredentialId?.ToString(), Text(root, "credential"));
            Assert.Equal(entry.RequestId?.ToString(), Text(root, "request"));
            Assert.Equal(entry.SessionId?.ToString(), Text(root, "session"));
        }
    }

    [Fact]
    public async Task Notes_are_what_their_entries_committed_to_and_erasing_one_breaks_no_proof()
    {
        await LiveALittleAsync();

        await using var db = await agency.ReadAsync();
        var notes = await db.TrailNotes.ToDictionaryAsync(n => n.Seq);
        foreach (var entry in await EntriesAsync())
        {
            using var payload = JsonDocument.Parse(entry.Payload);
            var committed = Text(payload.RootElement, "note");
            Assert.Equal(committed is not null, notes.ContainsKey(entry.Seq));
            if (committed is not null)
                Assert.Equal(committed, Convert.ToHexStringLower(SHA256.HashData([.. notes[entry.Seq].Salt, .. notes[entry.Seq].Text])));
        }

        Assert.Equal(notes.Count, notes.Values.Select(n => Convert.ToHexString(n.Salt)).Distinct().Count());
        var raised = (await EntriesAsync()).First(e => e.Type == "request.raised");
        await agency.SqlAsync($"DELETE FROM TrailNotes WHERE Seq = {raised.Seq}");
        var detail = (await agency.Get<ReadTrail>().DetailAsync(agency.Aiko, raised.Seq))!;
        Assert.DoesNotContain(detail.Facts, f => f.Key == "justification");
        Assert.Contains(detail.Facts, f => f.Key == "category");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([0, .. Encoding.UTF8.GetBytes(detail.Payload)])), detail.LeafHash);
    }

    [Fact]
    public async Task What_people_wrote_and_what_they_are_called_is_beside_the_hashed_bytes_and_not_in_them()
    {
        const string why = "Whistleblower Zacharias reported the takeover of the account.";
        var raised = (await agency.Get<RaiseRequestHandler>().HandleAsync(agency.Adam, new RaiseRequest(
            agency.AdsPassword, new Justification(why, ReasonCategory.Other, "INC-Quetzal"), Duration.FromMinutes(30)))).Require();
        var session = (await agency.DecideAsync(agency.Priya, raised.Request, comment: "Comment-Xylophone")).Require().Session!.Value;
        (await agency.Get<EndSessionHandler>().RevokeAsync(agency.Sofia, session, "Revoked-Yggdrasil")).Require();

        var all = string.Concat((await EntriesAsync()).Select(e => Encoding.UTF8.GetString(e.Payload)));
        foreach (var personal in new[] { "Zacharias", "Quetzal", "Xylophone", "Yggdrasil", "Olivia", "Adam", "Priya", "Ian", "Sofia", "Aiko", "Max" })
            Assert.DoesNotMatch($@"\b{personal}\b", all);
        foreach (var findable in new[] { "zachar", "quetz", "xyloph", "yggdra" })
            Assert.NotEmpty((await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(Text: findable))).Rows);
    }

    [Fact]
    public async Task Refused_attempts_are_entries_about_whom_and_what_they_were()
    {
        var session = await agency.GrantAsync(agency.Adam);

        await agency.RevealAsync(agency.Max, session);

        var refused = (await EntriesAsync())[^1];
        Assert.Equal(("attempt.refused", true, agency.Max, agency.Adam, session), (refused.Type, refused.Emergency, refused.ActorId, refused.PersonId, refused.SessionId));
        Assert.Equal((agency.Ads, agency.AdsPassword), (refused.IdentityId, refused.CredentialId));
        Assert.Contains("\"refusal\":\"not-your-session\"", Encoding.UTF8.GetString(refused.Payload), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_entry_there_is_no_grant()
    {
        var raised = (await agency.RaiseAsync(agency.Adam)).Require();
        await agency.SqlAsync(Broken);

        await Assert.ThrowsAsync<DbUpdateException>(() => agency.DecideAsync(agency.Priya, raised.Request));

        await using var db = await agency.ReadAsync();
        Assert.Equal(RequestState.Pending, (await db.Requests.SingleAsync()).State);
        Assert.Empty(await db.Sessions.ToListAsync());
        await agency.SqlAsync("DROP TRIGGER Broken");
        (await agency.DecideAsync(agency.Priya, raised.Request)).Require();
    }

    [Fact]
    public async Task Without_an_entry_there_is_no_request_and_no_grant_at_once()
    {
        (await agency.SaveRulesAsync(r => r with { RequireApproval = false })).Require();
        await agency.SqlAsync(Broken);

        await Assert.ThrowsAsync<DbUpdateException>(() => agency.RaiseAsync(agency.Adam));

        await using var db = await agency.ReadAsync();
        Assert.Empty(await db.Requests.ToListAsync());
        Assert.Empty(await db.Sessions.ToListAsync());
    }

    [Fact]
    public async Task Without_an_entry_no_secret_leaves_the_vault()
    {
        var session = await agency.GrantAsync(agency.Adam);
        await agency.SqlAsync(Broken);

        await Assert.ThrowsAsync<DbUpdateException>(() => agency.RevealAsync(agency.Adam, session));

        await using var db = await agency.ReadAsync();
        Assert.Equal(0, (await db.Sessions.SingleAsync()).Reveals);
    }

    [Fact]
    public async Task An_index_that_can_not_be_written_stops_the_entry_and_so_the_access()
    {
        var session = await agency.GrantAsync(agency.Adam);
        await agency.SqlAsync("DROP TABLE TrailWords");

        await Assert.ThrowsAnyAsync<Exception>(() => agency.RevealAsync(agency.Adam, session));

        await using var db = await agency.ReadAsync();
        Assert.Equal(0, (await db.Sessions.SingleAsync()).Reveals);
    }

    [Fact]
    public async Task Changing_something_past_the_unit_of_work_is_a_programming_mistake()
    {
        await using var db = await agency.ReadAsync();
        var identity = await db.Identities.SingleAsync();
        identity.Archive(new Actor(agency.Olivia, "Olivia", Roles.Owner), archived: true, agency.Now);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());

        db.Note(new AttemptRefused(agency.Now, Actor.System, new Attempt("x", false, Subject.Nothing), "x"));
        Assert.Throws<InvalidOperationException>(() => db.SaveChanges());
    }

    [Fact]
    public async Task The_filter_offers_every_kind_of_entry_that_exists()
    {
        await LiveALittleAsync();

        Assert.Empty((await agency.TrailAsync()).Distinct().Except(ReadTrail.Types));
        Assert.Equal(ReadTrail.Types.Count, ReadTrail.Types.Select(TrailMarks.Type).Distinct().Count());
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private async Task<List<TrailEntry>> EntriesAsync()
    {
        await using var db = await agency.ReadAsync();
        return await db.Trail.AsNoTracking().OrderBy(e => e.Seq).ToListAsync();
    }

    private async Task LiveALittleAsync()
    {
        var session = await agency.GrantAsync(agency.Adam);
        await agency.RevealAsync(agency.Adam, session);
        agency.Time.AdvanceMinutes(1);
        await agency.RevealAsync(agency.Max, session);
        (await agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.Owner | Roles.Member })).Require();
        agency.Time.SetWallClockBack(Duration.FromHours(1));
        (await agency.RaiseAsync(agency.Max)).Require();
        agency.Time.AdvanceMinutes(20);
        await agency.SettleAsync();
        (await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: true)).Require();
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Max)).Require();
        await agency.RestartAsync();
        (await agency.Get<ManagePeople>().EnableAsync(agency.Olivia, agency.Max)).Require();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => agency.RaiseAsync(agency.Max))));
    }
}
