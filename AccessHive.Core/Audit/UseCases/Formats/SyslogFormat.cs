using System.Globalization;
using System.Text;
using NodaTime.Text;

namespace AccessHive.Core.Audit.UseCases.Formats;

/// <summary>
/// Messages of RFC 5424, a line each. Over TLS the same messages go without the line break and with their length before
/// them (<see cref="Frame"/>).
/// </summary>
public sealed class SyslogFormat : IExportFormat
{
    /// <summary>
    /// The structured data's name. 32473 is the enterprise number that RFC 5612 keeps for documentation: AccessHive has
    /// none of its own yet (docs/guides/exports.md).
    /// </summary>
    public const string DataName = "entry@32473";

    private const int AuditFacility = 13;
    private const int LongestName = 32;

    /// <inheritdoc/>
    public string Id => "syslog";

    /// <inheritdoc/>
    public string MediaType => "text/plain; charset=utf-8";

    /// <inheritdoc/>
    public string Extension => "log";

    /// <inheritdoc/>
    public IExportWriter Open(MemoryStream to, ExportHead head) => new Writer(to, head);

    /// <summary>One message as RFC 5425 frames it: its length in bytes, a space, its bytes.</summary>
    public static void Frame(MemoryStream to, ExportHead head, ExportedEntry entry)
    {
        var message = Encoding.UTF8.GetBytes(Message(head, entry));
        to.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length} ")));
        to.Write(message);
    }

    private static string Message(ExportHead head, ExportedEntry e)
    {
        var line = new StringBuilder();
        var severity = e.Emergency ? 4 : e.Failed ? 5 : 6;
        line.Append(CultureInfo.InvariantCulture, $"<{(AuditFacility * 8) + severity}>1 {InstantPattern.ExtendedIso.Format(e.At)} {Name(head.Host, 255)} AccessHive - {Name(e.Type, LongestName)} [{DataName}");
        Parameter("seq", e.Seq.ToString(CultureInfo.InvariantCulture));
        Parameter("emergency", e.Emergency ? "true" : "false");
        Parameter("actor", e.Actor?.ToString());
        Parameter("actorName", e.ActorName);
        Parameter("person", e.Person?.ToString());
        Parameter("personName", e.PersonName);
        Parameter("identity", e.Identity?.ToString());
        Parameter("identityName", e.IdentityName);
        Parameter("credential", e.Credential?.ToString());
        Parameter("request", e.Request?.ToString());
        Parameter("session", e.Session?.ToString());
        Parameter("leaf", Convert.ToHexStringLower(e.LeafHash));
        foreach (var (name, value) in e.Facts)
            Parameter($"fact.{name}", value);
        // The mark says that what follows is UTF-8 (RFC 5424, 6.4).
        return line.Append("] \uFEFF").Append(e.Sentence.ReplaceLineEndings(" ")).ToString();

        void Parameter(string name, string? value)
        {
            if (string.IsNullOrEmpty(value))
                return;
            line.Append(' ').Append(Name(name, LongestName)).Append("=\"");
            foreach (var c in value.ReplaceLineEndings(" "))
            {
                if (c is '"' or '\\' or ']')
                    line.Append('\\');
                line.Append(c);
            }

            line.Append('"');
        }
    }

    // Names are of printable ASCII, without what would end them.
    private static string Name(string name, int longest)
    {
        var safe = new StringBuilder();
        foreach (var c in name.Take(longest))
            safe.Append(c is > ' ' and < '\x7f' and not ('=' or ']' or '"') ? c : '-');
        return safe.Length == 0 ? "-" : safe.ToString();
    }

    private sealed class Writer(MemoryStream to, ExportHead head) : IExportWriter
    {
        public void Begin()
        {
        }

        public void Write(ExportedEntry entry)
        {
            to.Write(Encoding.UTF8.GetBytes(Message(head, entry)));
            to.WriteByte((byte)'\n');
        }

        public void End(long entries)
        {
        }

        public void Dispose()
        {
        }
    }
}
