using System.Globalization;
using AccessHive.Core.Audit.UseCases;

namespace AccessHive.Web.Features.Audit;

/// <summary>The formats in words.</summary>
public static class ExportWords
{
    /// <summary>A format's name.</summary>
    public static string Name(string format) => format switch
    {
        "jsonl" => "JSON Lines",
        "csv" => "CSV",
        "ocsf" => "OCSF 1.8",
        "cef" => "CEF",
        "syslog" => "Syslog (RFC 5424)",
        "cloudevents" => "CloudEvents 1.0",
        _ => format,
    };

    /// <summary>What a format is good for.</summary>
    public static string About(string format) => format switch
    {
        "jsonl" => "The entries exactly as they are hashed. The only format that can be verified later.",
        "csv" => "A table for a spreadsheet. Nothing in it is taken for a formula.",
        "ocsf" => "For security lakes and SIEMs that speak the Open Cybersecurity Schema Framework.",
        "cef" => "Common Event Format, for ArcSight and many other SIEMs.",
        "syslog" => "Lines for any syslog server. To send them while they happen, see Settings, Trail.",
        "cloudevents" => "For message brokers and serverless functions.",
        _ => "",
    };

    /// <summary>How many entries an export will hold, as far as they were counted.</summary>
    public static string Estimate(long entries) => entries switch
    {
        0 => "No entry",
        1 => "1 entry",
        >= ExportTrail.MostCounted => string.Create(CultureInfo.InvariantCulture, $"{ExportTrail.MostCounted:N0} entries or more"),
        _ => Entries(entries),
    };

    /// <summary>"1 entry", "12,345 entries".</summary>
    public static string Entries(long entries) => entries == 1 ? "1 entry" : string.Create(CultureInfo.InvariantCulture, $"{entries:N0} entries");
}
