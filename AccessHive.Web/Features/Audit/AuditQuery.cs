using System.Globalization;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.WebUtilities;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Web.Features.Audit;

/// <summary>Which time the trail page shows.</summary>
public enum AuditTime
{
    /// <summary>Everything.</summary>
    Any,

    /// <summary>Since midnight where the reader is.</summary>
    Today,

    /// <summary>The last seven days.</summary>
    Week,

    /// <summary>The last thirty days.</summary>
    Month,

    /// <summary>From one day to another, both included, where the reader is.</summary>
    Custom,
}

/// <summary>What the address bar of the trail page says, and nothing else: filters, page and open entry.</summary>
public sealed record AuditQuery(
    bool Emergency = false, PersonId? Person = null, IdentityId? Identity = null, string? Action = null, AuditTime Time = AuditTime.Any, LocalDate? From = null, LocalDate? To = null,
    string Text = "", RequestId? Request = null, SessionId? Session = null, long? Before = null, long? Entry = null)
{
    /// <summary>Where the page is.</summary>
    public const string Path = "audit";

    private static readonly (AuditTime Time, string Word)[] TimeWords = [(AuditTime.Today, "today"), (AuditTime.Week, "7d"), (AuditTime.Month, "30d"), (AuditTime.Custom, "custom")];

    /// <summary>Whether anything is narrowed.</summary>
    public bool IsNarrowed => List with { Before = null } != new AuditQuery();

    /// <summary>What decides which rows are listed.</summary>
    public AuditQuery List => this with { Entry = null };

    /// <summary>The same filters from the newest entry on.</summary>
    public AuditQuery Newest => this with { Before = null, Entry = null };

    /// <summary>What a kept filter says: the filters of an address, without page and open entry.</summary>
    public string ToFilter() => Newest.ToUri()[Path.Length..].TrimStart('?');

    /// <summary>Reads an address; what makes no sense is left out.</summary>
    public static AuditQuery Parse(string uri) => ParseFilter(new Uri(uri).Query);

    /// <summary>Reads what follows the question mark of an address, and what a kept filter says.</summary>
    public static AuditQuery ParseFilter(string filter)
    {
        var query = QueryHelpers.ParseQuery(filter);
        string Word(string name) => query.TryGetValue(name, out var value) ? value.ToString() : "";
        Guid? Id(string name) => Guid.TryParse(Word(name), out var id) ? id : null;
        long? Number(string name) => long.TryParse(Word(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        LocalDate? Day(string name) => LocalDatePattern.Iso.Parse(Word(name)) is { Success: true, Value: { Year: >= 2000 and < 2200 } day } ? day : null;
        var text = Word("text").Trim();
        return new AuditQuery(
            Word("emergency") == "1",
            Id("person") is { } person ? new PersonId(person) : null,
            Id("identity") is { } identity ? new IdentityId(identity) : null,
            ReadTrail.Types.FirstOrDefault(type => type == Word("action")),
            TimeWords.FirstOrDefault(t => t.Word == Word("time")).Time,
            Day("from"),
            Day("to"),
            text.Length > TrailFilter.TextLength ? text[..TrailFilter.TextLength] : text,
            Id("request") is { } request ? new RequestId(request) : null,
            Id("session") is { } session ? new SessionId(session) : null,
            Number("before"),
            Number("entry"));
    }

    /// <summary>The address, relative to the base.</summary>
    public string ToUri()
    {
        Dictionary<string, string?> query = [];
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                query[name] = value;
        }

        Add("emergency", Emergency ? "1" : null);
        Add("person", Person?.ToString());
        Add("identity", Identity?.ToString());
        Add("action", Action);
        Add("time", TimeWords.FirstOrDefault(t => t.Time == Time).Word);
        Add("from", Time == AuditTime.Custom && From is { } from ? LocalDatePattern.Iso.Format(from) : null);
        Add("to", Time == AuditTime.Custom && To is { } to ? LocalDatePattern.Iso.Format(to) : null);
        Add("text", Text);
        Add("request", Request?.ToString());
        Add("session", Session?.ToString());
        Add("before", Before?.ToString(CultureInfo.InvariantCulture));
        Add("entry", Entry?.ToString(CultureInfo.InvariantCulture));
        return QueryHelpers.AddQueryString(Path, query);
    }

    /// <summary>The filters in words, one each; ids by the names that are known.</summary>
    public IEnumerable<string> Words(string? personName = null, string? identityName = null)
    {
        if (Emergency)
            yield return "Emergency Access";
        if (Text.Length > 0)
            yield return $"“{Text}”";
        if (Person is not null)
            yield return $"Person: {personName ?? "one"}";
        if (Identity is not null)
            yield return $"Identity: {identityName ?? "one"}";
        if (Action is not null)
            yield return TrailWords.Title(Action);
        if (TimeText() is { } time)
            yield return time;
        if (Request is not null)
            yield return "One request";
        if (Session is not null)
            yield return "One session";
    }

    private string? TimeText() => Time switch
    {
        AuditTime.Today => "Today",
        AuditTime.Week => "Last 7 days",
        AuditTime.Month => "Last 30 days",
        AuditTime.Custom when From is not null || To is not null => $"{(From is { } from ? LocalDatePattern.Iso.Format(from) : "…")} – {(To is { } to ? LocalDatePattern.Iso.Format(to) : "…")}",
        _ => null,
    };

    /// <summary>What the trail is asked for, with days reckoned where the reader is.</summary>
    public TrailFilter Filter(ReaderZone zone, Instant now)
    {
        var (from, until) = Time switch
        {
            AuditTime.Today => (zone.StartOf(now.InZone(zone.Zone).Date), (Instant?)null),
            AuditTime.Week => (now - Duration.FromDays(7), null),
            AuditTime.Month => (now - Duration.FromDays(30), null),
            AuditTime.Custom => (From is { } first ? zone.StartOf(first) : (Instant?)null, To is { } last ? zone.StartOf(last.PlusDays(1)) : null),
            _ => ((Instant?)null, (Instant?)null),
        };
        return new TrailFilter(Emergency, Person, Action, Identity, from, until, Text, Request, Session);
    }
}
