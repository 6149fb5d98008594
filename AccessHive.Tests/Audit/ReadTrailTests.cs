using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Audit;

public sealed class ReadTrailTests : IAsyncLifetime
{
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task Every_combination_of_filters_finds_exactly_what_a_walk_through_all_entries_finds()
    {
        await ManyThingsHappenAsync();
        var all = await EverythingAsync();
        PersonId[] people = [agency.Olivia, agency.Adam, agency.Priya, agency.Ian, agency.Sofia, agency.Max, PersonId.New()];
        var identities = all.Select(e => e.Row.Identity).OfType<IdentityId>().Distinct().Append(IdentityId.New()).ToArray();
        var requests = all.Select(e => e.Row.Request).OfType<RequestId>().Distinct().ToArray();
        var sessions = all.Select(e => e.Row.Session).OfType<SessionId>().Distinct().ToArray();
        string[] texts = ["", "berg", "Nordwind", "client s", "ads meta", "approved", "adam olivia", "NOT approved", "zzz", "60", "restored", "emergency access", "Ångström", "angstrom", "a"];
        var instants = all.Select(e => e.Row.At).Distinct().ToArray();
        var instant = Gen.Select(Gen.OneOf(instants), Gen.OneOf(-1L, -10_000L, 0, 0, 1, 10_000), (at, ticks) => at + Duration.FromTicks(ticks));
        var filter = Gen.Select(
            Gen.Bool, Maybe(Gen.OneOf(people)), Gen.OneOf<string?>([null, .. ReadTrail.Types]), Maybe(Gen.OneOf(identities)),
            Gen.Select(Maybe(instant), Maybe(instant)), Gen.OneOf(texts), Gen.Select(Maybe(Gen.OneOf(requests)), Maybe(Gen.OneOf(sessions))),
            (emergency, person, type, identity, span, text, about) => new TrailFilter(emergency, person, type, identity, span.Item1, span.Item2, text, about.Item1, about.Item2));

        await Gen.Select(filter, Gen.OneOf(agency.Aiko, agency.Aiko, agency.Adam, agency.Olivia, agency.Max, agency.Ian)).SampleAsync(async (f, caller) =>
        {
            var reads = caller != agency.Max && caller != agency.Ian;
            var expected = all.Where(e => Matches(e, f) && (reads || e.Row.Actor == caller || e.Row.Person == caller)).Select(e => e.Row.Seq).OrderDescending();
            Assert.Equal(expected, (await AllPagesAsync(caller, f)).Select(r => r.Seq));
        }, iter: 400, threads: 1);
    }

    [Fact]
    public async Task Each_filter_alone_finds_exactly_what_a_walk_through_all_entries_finds()
    {
        await ManyThingsHappenAsync();
        var all = await EverythingAsync();
        var filters = new List<TrailFilter> { new(), new(Emergency: true) };
        filters.AddRange(ReadTrail.Types.Select(t => new TrailFilter(Type: t)));
        filters.AddRange(all.Select(e => e.Row.Person).Distinct().Select(p => new TrailFilter(Person: p)));
        filters.AddRange(all.Select(e => e.Row.Identity).Distinct().Select(i => new TrailFilter(Identity: i)));
        filters.AddRange(all.Select(e => e.Row.Request).Distinct().Select(r => new TrailFilter(Request: r)));
        filters.AddRange(all.Select(e => e.Row.Session).Distinct().Select(s => new TrailFilter(Session: s)));
        filters.AddRange(all.Select(e => e.Row.At).Distinct().SelectMany(at => new[] { new TrailFilter(From: at), new TrailFilter(Until: at) }));

        foreach (var f in filters)
            Assert.Equal(all.Where(e => Matches(e, f)).Select(e => e.Row.Seq).OrderDescending(), (await AllPagesAsync(agency.Aiko, f)).Select(r => r.Seq));
    }

    [Fact]
    public async Task An_index_of_an_older_version_finds_the_same_before_and_after_it_is_renewed()
    {
        await ManyThingsHappenAsync();
        var all = await EverythingAsync();
        await IndexAsAnOlderVersionAsync(all);
        agency.Time.AdvanceMinutes(1);
        await agency.RaiseAsync(agency.Max);
        all = await EverythingAsync();
        await FindAsync(all);

        await agency.Get<IndexKeeper>().LookAsync(default);

        await FindAsync(all);
        await using var db = await agency.ReadAsync();
        Assert.Equal(1, (await db.TrailTree.SingleAsync()).PairsFrom);
        var pair = $"marks : \"{TrailMarks.Pairs([TrailMarks.Emergency, TrailMarks.Type("request.raised")]).Single()}\"";
        Assert.Equal(
            all.Where(e => e.Row is { Emergency: true, Type: "request.raised" }).Select(e => e.Row.Seq),
            await db.Database.SqlQuery<long>($"SELECT rowid AS \"Value\" FROM \"TrailWords\" WHERE \"TrailWords\" MATCH {pair} ORDER BY rowid").ToListAsync());
    }

    [Fact]
    public async Task A_renewed_index_does_not_bring_back_what_was_erased()
    {
        await agency.RaiseAsync(agency.Olivia, reason: "Quetzalcoatl himself called about the campaign.");
        var seq = (await AllPagesAsync(agency.Aiko, new TrailFilter(Text: "quetzalcoatl"))).Single().Seq;
        (await agency.Get<EraseFacts>().EntryAsync(agency.Adam, seq, "They asked for it.")).Require();
        (await agency.Get<EraseFacts>().PersonAsync(agency.Adam, agency.Max, "They left.")).Require();
        var erased = (await agency.TrailAsync()).Count;
        await agency.Get<SignIns>().FailedAsync(agency.Max);
        await IndexAsAnOlderVersionAsync(await EverythingAsync());
        Assert.Contains(await AllPagesAsync(agency.Aiko, new TrailFilter(Text: "max")), r => r.Seq < erased);

        await agency.Get<IndexKeeper>().LookAsync(default);

        Assert.DoesNotContain(await AllPagesAsync(agency.Aiko, new TrailFilter(Text: "max")), r => r.Seq < erased);
        Assert.Contains(await AllPagesAsync(agency.Aiko, new TrailFilter(Text: "max")), r => r.Seq > erased);
        Assert.Contains(await AllPagesAsync(agency.Aiko, new TrailFilter(Person: agency.Max)), r => r.Seq < erased);
        Assert.Empty(await AllPagesAsync(agency.Aiko, new TrailFilter(Text: "quetzalcoatl")));
        Assert.DoesNotContain(await AllPagesAsync(agency.Aiko, new TrailFilter(Text: "olivia")), r => r.Seq == seq);
        Assert.Contains(await AllPagesAsync(agency.Aiko, new TrailFilter(Text: "request raised")), r => r.Seq == seq);
    }

    [Fact]
    public async Task Paging_visits_each_entry_once_also_while_new_ones_are_written()
    {
        await ManyThingsHappenAsync();
        var before = (await EverythingAsync()).Count;
        var visited = new List<long>();
        for (long? next = long.MaxValue; next is not null;)
        {
            var page = await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(), next);
            visited.AddRange(page.Rows.Select(r => r.Seq));
            next = page.Before;
            await agency.RaiseAsync(agency.Max);
        }

        Assert.True(visited.Count > ReadTrail.PageSize * 2);
        Assert.Equal(Enumerable.Range(1, before).Select(i => (long)i).Reverse(), visited);
    }

    [Fact]
    public async Task A_page_that_is_exactly_full_is_the_last_one()
    {
        var count = (await agency.TrailAsync()).Count;
        for (; count < ReadTrail.PageSize; count++)
            await agency.RaiseAsync(agency.Max);

        var page = await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter());

        Assert.Equal((ReadTrail.PageSize, (long?)null), (page.Rows.Count, page.Before));
        Assert.Equal((0, (long?)null), ((await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(), before: 1)).Rows.Count, page.Before));
    }

    [Fact]
    public async Task Who_may_not_read_the_trail_sees_what_they_did_and_what_concerns_them_and_nothing_else()
    {
        await ManyThingsHappenAsync();

        foreach (var caller in new[] { agency.Priya, agency.Ian, agency.Max })
        {
            var rows = await AllPagesAsync(caller, new TrailFilter());
            Assert.NotEmpty(rows);
            Assert.All(rows, r => Assert.True(r.Actor == caller || r.Person == caller));
            Assert.DoesNotContain(await AllPagesAsync(caller, new TrailFilter(Person: agency.Adam)), r => r.Actor != caller && r.Person != caller);
            Assert.NotNull(await agency.Get<ReadTrail>().DetailAsync(caller, rows[0].Seq));
            Assert.Null(await agency.Get<ReadTrail>().DetailAsync(caller, 1));
        }

        foreach (var reader in new[] { agency.Olivia, agency.Adam, agency.Sofia, agency.Aiko })
            Assert.Contains(await AllPagesAsync(reader, new TrailFilter()), r => r.Seq == 1);
        Assert.Empty(await AllPagesAsync(PersonId.New(), new TrailFilter()));
        (await agency.Get<ManagePeople>().DisableAsync(agency.Olivia, agency.Aiko)).Require();
        Assert.DoesNotContain(await AllPagesAsync(agency.Aiko, new TrailFilter()), r => r.Seq == 1);
        Assert.Null(await agency.Get<ReadTrail>().DetailAsync(agency.Olivia, 999_999));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\"bergmann")]
    [InlineData("bergmann AND OR NOT NEAR(ads, 3)")]
    [InlineData("words : bergmann OR marks : emergency")]
    [InlineData("^bergmann* + - { } ( ) : * ^")]
    [InlineData("'; DROP TABLE TrailWords; --")]
    [InlineData("🔥 ☠️ 👩‍👩‍👧‍👦")]
    [InlineData("\ud800 \udc00 \0 \uffff")]
    [InlineData("हिन्दी 日本語 العربية ½ ² Ⅷ ﬁ")]
    [InlineData("aᦰb ᦰ a𞤀b ꟀꟐ")]
    public async Task Whatever_is_typed_never_breaks_the_search(string text)
    {
        await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(Text: text));
        await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(Text: text, Type: text, Emergency: true));
    }

    [Theory]
    [InlineData("a ")]
    [InlineData("\" ")]
    [InlineData("bergmann ")]
    [InlineData("x")]
    [InlineData("🔥")]
    public async Task Forty_thousand_characters_never_break_the_search(string part)
        => await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(Text: string.Concat(Enumerable.Repeat(part, 40_000 / part.Length))));

    [Fact]
    public void Words_are_spelled_in_a_to_z_and_digits_alone_whatever_the_character()
    {
        for (var c = 0; c <= 0x10FFFF; c++)
        {
            var text = c is >= 0xD800 and <= 0xDFFF ? $"a{(char)c}b" : $"a{char.ConvertFromUtf32(c)}b";
            if (!TrailWords.Of(text).All(word => word.Length > 0 && word.All(char.IsAsciiLetterOrDigit)))
                Assert.Fail($"U+{c:X}");
        }
    }

    [Theory]
    [InlineData("Café Müller", "cafe muller")]
    [InlineData("Café Müller", "CAFÉ")]
    [InlineData("Café Müller", "cafe\u0301")]
    [InlineData("Cafe\u0301 Mu\u0308ller", "café müller")]
    [InlineData("Łódź & Straße", "straße")]
    [InlineData("日本語", "日本")]
    [InlineData("5½ a½b", "5½")]
    [InlineData("𝒜𝓁𝓅𝒽𝒶", "𝒜𝓁")]
    [InlineData("Müller", "Mu\u0308ller")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("ᦰᦱ letters newer than the index", "ᦰᦱ")]
    [InlineData("İstanbul", "istanbul")]
    public async Task Words_are_found_however_they_are_accented_or_composed(string name, string search)
    {
        await agency.KeepAsync(name);
        await agency.KeepAsync("Nordwind");

        var rows = (await agency.Get<ReadTrail>().PageAsync(agency.Aiko, new TrailFilter(Text: search, Type: "identity.added"))).Rows;

        Assert.Equal([name], rows.Select(r => r.IdentityName));
    }

    [Fact]
    public async Task A_span_of_time_begins_and_ends_between_two_milliseconds_where_it_says()
    {
        agency.Time.AdvanceMinutes(1);
        await agency.RaiseAsync(agency.Max);
        var first = agency.Now;
        agency.Time.Advance(Duration.FromMilliseconds(1));
        await agency.RaiseAsync(agency.Max);
        var between = first + Duration.FromTicks(1);

        var later = (await AllPagesAsync(agency.Aiko, new TrailFilter(From: between))).Select(r => r.At);
        var earlier = (await AllPagesAsync(agency.Aiko, new TrailFilter(From: first, Until: between))).Select(r => r.At);

        Assert.Equal([first + Duration.FromMilliseconds(1)], later);
        Assert.Equal([first], earlier);
        Assert.Empty(await AllPagesAsync(agency.Aiko, new TrailFilter(From: Instant.MaxValue)));
        Assert.Empty(await AllPagesAsync(agency.Aiko, new TrailFilter(Until: Instant.MinValue)));
        Assert.NotEmpty(await AllPagesAsync(agency.Aiko, new TrailFilter(From: Instant.MinValue, Until: Instant.MaxValue)));
    }

    // Every two and three of the filters that occur together, and some that do not.
    private async Task FindAsync(IReadOnlyList<Entry> all)
    {
        foreach (var entry in all.Where(e => e.Row.Seq % 3 == 0 || e.Row.Emergency))
        {
            var (row, other) = (entry.Row, all[(int)(entry.Row.Seq * 7 % all.Count)].Row);
            foreach (var f in new TrailFilter[]
            {
                new(Emergency: true, Type: row.Type), new(Emergency: true, Person: row.Actor), new(Emergency: true, Identity: row.Identity), new(Person: row.Person, Type: row.Type),
                new(Person: row.Actor, Identity: row.Identity), new(Emergency: true, Person: row.Actor, Type: row.Type, Identity: row.Identity), new(Emergency: true, Type: other.Type, Person: row.Person),
                new(Emergency: true, Type: row.Type, Text: "client"),
            })
            {
                Assert.Equal(all.Where(e => Matches(e, f)).Select(e => e.Row.Seq).OrderDescending(), (await AllPagesAsync(agency.Aiko, f)).Select(r => r.Seq));
            }
        }
    }

    private async Task IndexAsAnOlderVersionAsync(IReadOnlyList<Entry> all)
    {
        await using var db = await agency.ReadAsync();
        foreach (var (row, known) in all)
        {
            var words = TrailWords.Index(string.Join(' ', known));
            var entry = await db.Trail.AsNoTracking().SingleAsync(e => e.Seq == row.Seq);
            var pairs = TrailMarks.Of(entry).Split(' ').ToHashSet();
            pairs.RemoveWhere(m => pairs.Any(first => pairs.Any(second => m == first + second)));
            var marks = string.Join(' ', pairs);
            await db.Database.ExecuteSqlAsync($"DELETE FROM \"TrailWords\" WHERE rowid = {row.Seq}");
            await db.Database.ExecuteSqlAsync($"INSERT INTO \"TrailWords\"(rowid, words, marks) VALUES ({row.Seq}, {words}, {marks})");
        }

        await db.Database.ExecuteSqlAsync($"UPDATE \"TrailTree\" SET \"PairsFrom\" = \"Size\" + 1");
    }

    private static Gen<T?> Maybe<T>(Gen<T> gen) where T : struct => Gen.Frequency((3, Gen.Const((T?)null)), (2, gen.Select(v => (T?)v)));

    private static bool Matches(Entry entry, TrailFilter f)
    {
        var row = entry.Row;
        return (!f.Emergency || row.Emergency)
            && (f.Person is not { } p || row.Actor == p || row.Person == p)
            && (f.Type is null || row.Type == f.Type)
            && (f.Identity is not { } i || row.Identity == i)
            && (f.From is not { } from || row.At >= from)
            && (f.Until is not { } until || row.At < until)
            && (f.Request is not { } r || row.Request == r)
            && (f.Session is not { } s || row.Session == s)
            && Words(f.Text).All(w => entry.Words.Any(known => known.StartsWith(w, StringComparison.Ordinal)));
    }

    private static string[] Words(string text)
        => new string([.. text.ToLowerInvariant().Replace('å', 'a').Replace('ö', 'o').Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private async Task<List<TrailRow>> AllPagesAsync(PersonId caller, TrailFilter filter)
    {
        var rows = new List<TrailRow>();
        for (long? next = long.MaxValue; next is not null;)
        {
            var page = await agency.Get<ReadTrail>().PageAsync(caller, filter, next);
            rows.AddRange(page.Rows);
            next = page.Before;
        }

        return rows;
    }

    private async Task<List<Entry>> EverythingAsync()
    {
        var entries = new List<Entry>();
        await using var db = await agency.ReadAsync();
        var platforms = db.Identities.ToDictionary(i => i.Id, i => $"{i.Name} {i.Client} {i.Platform}");
        foreach (var seq in Enumerable.Range(1, (await agency.TrailAsync()).Count))
        {
            var detail = (await agency.Get<ReadTrail>().DetailAsync(agency.Aiko, seq))!;
            var by = detail.Row.ActorName ?? (detail.Payload.Contains("\"by\":\"Console\"", StringComparison.Ordinal) ? "Console" : "AccessHive");
            var said = string.Join(' ', detail.Facts.Where(f => f.Key != "by").Select(f => f.Value));
            var about = detail.Row.Identity is { } identity ? platforms[identity] : "";
            entries.Add(new Entry(detail.Row, Words($"{detail.Row.Type} {by} {said} {detail.Row.PersonName} {about}")));
        }

        return entries;
    }

    private async Task ManyThingsHappenAsync()
    {
        (await agency.SaveRulesAsync(r => r with { EligibleRoles = Roles.Owner | Roles.Admin | Roles.Member })).Require();
        var kept = new List<CredentialId> { agency.AdsPassword };
        foreach (var name in new[] { "Nordwind – Meta", "Ångström – Mail", "Client \"Quoted\" & Söhne" })
            kept.Add((await agency.KeepAsync(name)).Credential);
        PersonId[] people = [agency.Olivia, agency.Adam, agency.Max];
        for (var i = 0; i < 12; i++)
        {
            agency.Time.AdvanceMinutes(10);
            var who = people[i % 3];
            var raised = (await agency.RaiseAsync(who, kept[i % 4], $"Reason number {i} because the client said so.", minutes: 5)).Require();
            switch (i % 4)
            {
                case 0:
                    var session = (await agency.DecideAsync(agency.Priya, raised.Request, comment: "Approved, go ahead.")).Require().Session!.Value;
                    await agency.RevealAsync(who, session);
                    await agency.RevealAsync(agency.Sofia, session);
                    if (i % 8 == 0)
                        (await agency.Get<EndSessionHandler>().EndAsync(who, session)).Require();
                    break;
                case 1: await agency.DecideAsync(agency.Priya, raised.Request, Verdict.Deny, "Use the standard way."); break;
                case 2: await agency.Get<DecideRequestHandler>().WithdrawAsync(who, raised.Request); break;
                default: await agency.DecideAsync(who, raised.Request); break;
            }

            await agency.SettleAsync();
        }

        await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: true);
        await agency.Get<KeepIdentities>().ArchiveAsync(agency.Ian, agency.Ads, archived: false);
        await agency.Get<KeepIdentities>().EditCredentialAsync(agency.Ian, agency.AdsPassword, new CredentialDetails("Password", "new@bergmann.example", ""));
        await agency.Get<SignIns>().FailedAsync(agency.Max);
        for (var i = 0; i < 20; i++)
            await agency.RaiseAsync(agency.Ian);
    }

    private sealed record Entry(TrailRow Row, IReadOnlyList<string> Words);
}
