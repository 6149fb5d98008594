using System.Globalization;
using System.Text;

namespace AccessHive.Core.Audit.UseCases.Formats;

/// <summary>Common Event Format of ArcSight, version 0: a line an entry.</summary>
public sealed class CefFormat : IExportFormat
{
    /// <inheritdoc/>
    public string Id => "cef";

    /// <inheritdoc/>
    public string MediaType => "text/plain; charset=utf-8";

    /// <inheritdoc/>
    public string Extension => "cef";

    /// <inheritdoc/>
    public IExportWriter Open(MemoryStream to, ExportHead head) => new Writer(to, head);

    private sealed class Writer(MemoryStream to, ExportHead head) : IExportWriter
    {
        private readonly StringBuilder line = new();

        public void Begin()
        {
        }

        public void Write(ExportedEntry e)
        {
            line.Clear().Append("CEF:0|AccessHive|AccessHive|");
            Header(head.Version);
            Header(e.Type);
            Header(e.Sentence);
            line.Append(CultureInfo.InvariantCulture, $"{(e.Emergency ? 8 : e.Failed ? 5 : 3)}|");
            Pair("rt", e.RecordedAt.ToString(CultureInfo.InvariantCulture));
            Pair("externalId", e.Seq.ToString(CultureInfo.InvariantCulture));
            Pair("outcome", e.Failed ? "failure" : "success");
            Pair("suid", e.Actor?.ToString());
            Pair("suser", e.ActorName);
            Pair("duid", e.Person?.ToString());
            Pair("duser", e.PersonName);
            Custom(1, "identity", e.IdentityName is { } name ? $"{name} ({e.Identity})" : e.Identity?.ToString());
            Custom(2, "credential", e.Credential?.ToString());
            Custom(3, "request", e.Request?.ToString());
            Custom(4, "session", e.Session?.ToString());
            Custom(5, "leaf hash", Convert.ToHexStringLower(e.LeafHash));
            Pair("msg", e.FactsText);
            line.Length--;
            line.Append('\n');
            to.Write(Encoding.UTF8.GetBytes(line.ToString()));
        }

        public void End(long entries)
        {
        }

        public void Dispose()
        {
        }

        // In the header a bar ends a field; in the extension an equals sign ends a key, and only there a line break can be said.
        private void Header(string value)
            => line.Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")).Append('|');

        private void Pair(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                line.Append(key).Append('=').Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal).ReplaceLineEndings("\\n")).Append(' ');
        }

        private void Custom(int number, string label, string? value)
        {
            if (string.IsNullOrEmpty(value))
                return;
            Pair(string.Create(CultureInfo.InvariantCulture, $"cs{number}Label"), label);
            Pair(string.Create(CultureInfo.InvariantCulture, $"cs{number}"), value);
        }
    }
}
