using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AccessHive.Core.Kernel;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Cases;

/// <summary>A case as JSON, for the dossier's bundle: instants as ISO 8601 in UTC, durations in seconds, ids and states as text.</summary>
public static class CaseJson
{
    private static readonly JsonSerializerOptions options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IncludeFields = false,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new InstantText(), new DurationSeconds(), new IdText<CaseId>(), new IdText<PersonId>(), new IdText<IdentityId>(), new IdText<CredentialId>(),
            new IdText<RequestId>(), new IdText<SessionId>(), new IdText<RotationId>(), new ClosureText(),
        },
    };

    /// <summary>The report, UTF-8.</summary>
    public static byte[] Write(CaseReport report) => JsonSerializer.SerializeToUtf8Bytes(report, options);

    private sealed class InstantText : WriteOnly<Instant>
    {
        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
    }

    private sealed class DurationSeconds : WriteOnly<Duration>
    {
        public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) => writer.WriteNumberValue(Math.Round(value.TotalSeconds, 3));
    }

    private sealed class IdText<T> : WriteOnly<T> where T : struct, ITypedId<T>
    {
        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class ClosureText : WriteOnly<(string Name, Instant At, string Words)>
    {
        public override void Write(Utf8JsonWriter writer, (string Name, Instant At, string Words) value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("name", value.Name);
            writer.WriteString("at", InstantPattern.ExtendedIso.Format(value.At));
            writer.WriteString("words", value.Words);
            writer.WriteEndObject();
        }
    }

    private abstract class WriteOnly<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("A dossier is written, and read by others.");
    }
}
