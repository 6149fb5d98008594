using System.Globalization;
using System.Text;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace AccessHive.Core.Audit.UseCases.Formats;

/// <summary>CloudEvents 1.0 in structured JSON, an event a line.</summary>
public sealed class CloudEventsFormat : IExportFormat
{
    private static readonly CloudEventAttribute Emergency = CloudEventAttribute.CreateExtension("emergency", CloudEventAttributeType.Boolean);
    private static readonly CloudEventAttribute Sequence = CloudEventAttribute.CreateExtension("sequence", CloudEventAttributeType.String);

    /// <inheritdoc/>
    public string Id => "cloudevents";

    /// <inheritdoc/>
    public string MediaType => "application/x-ndjson";

    /// <inheritdoc/>
    public string Extension => "cloudevents.jsonl";

    /// <inheritdoc/>
    public IExportWriter Open(MemoryStream to, ExportHead head) => new Writer(to, head);

    private sealed class Writer(MemoryStream to, ExportHead head) : IExportWriter
    {
        private readonly JsonEventFormatter<EntryData> formatter = new(new System.Text.Json.JsonSerializerOptions { PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull }, default);
        private readonly Uri source = new($"urn:{head.Origin.Replace('/', ':')}", UriKind.RelativeOrAbsolute);

        public void Begin()
        {
        }

        public void Write(ExportedEntry e)
        {
            var news = new CloudEvent(CloudEventsSpecVersion.V1_0, [Emergency, Sequence])
            {
                Id = e.Seq.ToString(CultureInfo.InvariantCulture),
                Source = source,
                Type = $"accesshive.{e.Type}",
                Time = e.At.ToDateTimeOffset(),
                Subject = Subject(e),
                DataContentType = "application/json",
                Data = new EntryData(
                    e.Seq, e.Type, e.Emergency, e.Actor, e.ActorName, e.Person, e.PersonName, e.Identity, e.IdentityName, e.Credential, e.Request, e.Session,
                    Convert.ToHexStringLower(e.LeafHash), Facts(e)),
            };
            news[Emergency] = e.Emergency;
            // Fixed width, so that it orders as text too (the extension "sequence").
            news[Sequence] = e.Seq.ToString("D20", CultureInfo.InvariantCulture);
            to.Write(formatter.EncodeStructuredModeMessage(news, out _).Span);
            to.WriteByte((byte)'\n');
        }

        public void End(long entries)
        {
        }

        public void Dispose()
        {
        }

        private static string? Subject(ExportedEntry e)
            => e.Session is { } session ? $"session/{session}" : e.Request is { } request ? $"request/{request}" : e.Identity is { } identity ? $"identity/{identity}" : e.Person is { } person ? $"person/{person}" : null;

        private static Dictionary<string, string> Facts(ExportedEntry e)
        {
            var facts = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in e.Facts)
                facts[name] = value;
            return facts;
        }
    }

    private sealed record EntryData(
        long Seq, string Type, bool Emergency, Guid? Actor, string? ActorName, Guid? Person, string? PersonName, Guid? Identity, string? IdentityName, Guid? Credential, Guid? Request, Guid? Session,
        string LeafHash, Dictionary<string, string> Facts);
}
