using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using NodaTime.Text;

namespace AccessHive.Core.Audit.UseCases.Formats;

/// <summary>
/// A table for spreadsheets. What one would take for a formula begins with an apostrophe. The file begins with a byte
/// order mark, because spreadsheets take a file without one for an old code page – but not where it goes on another.
/// </summary>
public sealed class CsvFormat : IExportFormat
{
    private static readonly string[] header =
        ["Number", "When", "What", "Emergency", "Who", "Who (id)", "Concerning", "Concerning (id)", "Identity", "Identity (id)", "Credential (id)", "Request (id)", "Session (id)", "Facts", "Leaf hash"];

    /// <inheritdoc/>
    public string Id => "csv";

    /// <inheritdoc/>
    public string MediaType => "text/csv; charset=utf-8";

    /// <inheritdoc/>
    public string Extension => "csv";

    /// <inheritdoc/>
    public IExportWriter Open(MemoryStream to, ExportHead head) => new Writer(to, head);

    private sealed class Writer : IExportWriter
    {
        private readonly ExportHead head;
        private readonly StreamWriter text;
        private readonly CsvWriter csv;

        public Writer(MemoryStream to, ExportHead head)
        {
            this.head = head;
            text = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape, NewLine = "\r\n" }, leaveOpen: true);
        }

        public void Begin()
        {
            if (head.Follows)
                return;
            text.Write('\uFEFF');
            Line(header);
        }

        public void Write(ExportedEntry e) => Line(
        [
            e.Seq.ToString(CultureInfo.InvariantCulture), InstantPattern.ExtendedIso.Format(e.At), e.Type, e.Emergency ? "yes" : "no", e.ActorName, e.Actor?.ToString(), e.PersonName,
            e.Person?.ToString(), e.IdentityName, e.Identity?.ToString(), e.Credential?.ToString(), e.Request?.ToString(), e.Session?.ToString(), e.FactsText,
            Convert.ToHexStringLower(e.LeafHash),
        ]);

        public void End(long entries)
        {
        }

        public void Dispose()
        {
            csv.Dispose();
            text.Dispose();
        }

        private void Line(ReadOnlySpan<string?> cells)
        {
            foreach (var cell in cells)
                csv.WriteField(cell);
            csv.NextRecord();
            csv.Flush();
            text.Flush();
        }
    }
}
