using System.Text.Json;

namespace AccessHive.Core.Audit.UseCases.Formats;

/// <summary>
/// Events of the Open Cybersecurity Schema Framework 1.8, category Identity &amp; Access Management, one a line: who signs in
/// is <i>Authentication</i>, what becomes of people is <i>Account Change</i>, who gets and loses access is <i>User Access
/// Management</i>, everything else is <i>Entity Management</i> of what it is about.
/// </summary>
public sealed class OcsfFormat : IExportFormat
{
    /// <summary>The version of the schema.</summary>
    public const string SchemaVersion = "1.8.0";

    private const int Category = 3;
    private const int Other = 99;

    private static readonly (int Uid, string Name) Account = (3001, "Account Change");
    private static readonly (int Uid, string Name) Authentication = (3002, "Authentication");
    private static readonly (int Uid, string Name) Entity = (3004, "Entity Management");
    private static readonly (int Uid, string Name) Access = (3005, "User Access Management");

    /// <inheritdoc/>
    public string Id => "ocsf";

    /// <inheritdoc/>
    public string MediaType => "application/x-ndjson";

    /// <inheritdoc/>
    public string Extension => "ocsf.jsonl";

    /// <inheritdoc/>
    public IExportWriter Open(MemoryStream to, ExportHead head) => new Writer(to, head);

    private static Kind KindOf(string type) => type switch
    {
        "person.signed-in" or "person.sign-in-failed" => new(Authentication, 1, "Logon"),
        "person.invited" => new(Account, 1, "Create"),
        "person.joined" or "person.enabled" => new(Account, 2, "Enable"),
        "person.disabled" => new(Account, 5, "Disable"),
        _ when type.StartsWith("person.", StringComparison.Ordinal) => new(Account, Other, type),
        "session.started" => new(Access, 1, "Assign Privileges"),
        "session.expired" or "session.ended-by-holder" or "session.checked-in" or "session.revoked" => new(Access, 2, "Revoke Privileges"),
        "session.secret-revealed" or "session.secret-copied" or "session.secret-downloaded" or "request.shown" or "rotation.pending-shown" or "identities.exported" or "trail.exported" => new(Entity, 2, "Read"),
        "request.raised" or "identity.added" or "credential.added" or "rotation.opened" or "case.opened" => new(Entity, 1, "Create"),
        "identity.archived" or "credential.archived" => new(Entity, 9, "Disable"),
        "identity.restored" => new(Entity, 8, "Enable"),
        "policy.approvers-given-up" or "credential.field-removed" => new(Entity, 4, "Delete"),
        "attempt.refused" or "clock.jumped" => new(Entity, Other, type),
        _ => new(Entity, 3, "Update"),
    };

    private readonly record struct Kind((int Uid, string Name) Class, int Activity, string ActivityName);

    private sealed class Writer(MemoryStream to, ExportHead head) : JsonLineWriter(to)
    {
        public override void Write(ExportedEntry entry) => Line(entry, Event);

        private void Event(Utf8JsonWriter json, ExportedEntry e)
        {
            var kind = KindOf(e.Type);
            json.WriteNumber("category_uid"u8, Category);
            json.WriteString("category_name"u8, "Identity & Access Management"u8);
            json.WriteNumber("class_uid"u8, kind.Class.Uid);
            json.WriteString("class_name"u8, kind.Class.Name);
            json.WriteNumber("activity_id"u8, kind.Activity);
            json.WriteString("activity_name"u8, kind.ActivityName);
            json.WriteNumber("type_uid"u8, (kind.Class.Uid * 100) + kind.Activity);
            json.WriteString("type_name"u8, $"{kind.Class.Name}: {(kind.Activity == Other ? "Other" : kind.ActivityName)}");
            json.WriteNumber("time"u8, e.RecordedAt);
            json.WriteNumber("severity_id"u8, e.Emergency ? 4 : e.Failed ? 3 : 1);
            json.WriteString("severity"u8, e.Emergency ? "High" : e.Failed ? "Medium" : "Informational");
            json.WriteNumber("status_id"u8, e.Failed ? 2 : 1);
            json.WriteString("status"u8, e.Failed ? "Failure" : "Success");
            json.WriteString("message"u8, e.Sentence);
            Metadata(json, e);
            Actor(json, e);
            if (kind.Class == Entity)
                EntityOf(json, e);
            else
                User(json, "user"u8, e.Person ?? e.Actor, e.Person is null ? e.ActorName : e.PersonName);
            if (kind.Class == Authentication)
                Named(json, "service"u8, "AccessHive");
            if (kind.Class == Access)
                AccessTo(json, e);
            Unmapped(json, e);
        }

        private void Metadata(Utf8JsonWriter json, ExportedEntry e)
        {
            json.WriteStartObject("metadata"u8);
            json.WriteString("version"u8, SchemaVersion);
            json.WriteStartObject("product"u8);
            json.WriteString("name"u8, "AccessHive"u8);
            json.WriteString("vendor_name"u8, "AccessHive"u8);
            json.WriteString("version"u8, head.Version);
            json.WriteEndObject();
            json.WriteString("uid"u8, e.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteNumber("sequence"u8, e.Seq);
            json.WriteString("event_code"u8, e.Type);
            json.WriteString("log_name"u8, "trail"u8);
            json.WriteString("tenant_uid"u8, head.Origin);
            if ((e.Session ?? e.Request) is { } correlation)
                json.WriteString("correlation_uid"u8, correlation);
            json.WriteEndObject();
        }

        private static void Actor(Utf8JsonWriter json, ExportedEntry e)
        {
            json.WriteStartObject("actor"u8);
            if (e.Actor is not null)
                User(json, "user"u8, e.Actor, e.ActorName);
            else
                json.WriteString("app_name"u8, e.ActorName ?? "AccessHive");
            json.WriteEndObject();
        }

        private static void User(Utf8JsonWriter json, ReadOnlySpan<byte> name, Guid? id, string? who)
        {
            json.WriteStartObject(name);
            if (id is { } uid)
                json.WriteString("uid"u8, uid);
            if (who is not null || id is null)
                json.WriteString("name"u8, who ?? "unknown");
            json.WriteNumber("type_id"u8, id is null ? 0 : 1);
            json.WriteString("type"u8, id is null ? "Unknown"u8 : "User"u8);
            json.WriteEndObject();
        }

        // Policies and organizations have types of their own in the schema, which asks for the thing itself beside them. All else
        // is "Other", called what AccessHive calls it; what has no id of its own goes by the id of what it is about.
        private void EntityOf(Utf8JsonWriter json, ExportedEntry e)
        {
            var room = e.Type.StartsWith("session.secret-", StringComparison.Ordinal) ? "credential" : e.Type.Split('.')[0];
            json.WriteStartObject("entity"u8);
            if (room is "policy")
                Typed(json, (5, "Policy"), "policy"u8, "name"u8, e.Type.Split('.', '-')[1]);
            else if (room is "agency")
                Typed(json, (4, "Organization"), "org"u8, "uid"u8, head.Origin);
            else
                Untyped(json, room, e);
            json.WriteEndObject();
        }

        private static void Typed(Utf8JsonWriter json, (int Id, string Name) type, ReadOnlySpan<byte> thing, ReadOnlySpan<byte> key, string value)
        {
            json.WriteString(key, value);
            json.WriteNumber("type_id"u8, type.Id);
            json.WriteString("type"u8, type.Name);
            json.WriteStartObject(thing);
            json.WriteString(key, value);
            json.WriteEndObject();
        }

        private static void Untyped(Utf8JsonWriter json, string room, ExportedEntry e)
        {
            Guid? id = room switch
            {
                "request" => e.Request,
                "session" => e.Session,
                "credential" or "rotation" => e.Credential ?? e.Identity,
                "identity" => e.Identity,
                _ => e.Identity ?? e.Request ?? e.Session ?? e.Credential,
            };
            json.WriteString("name"u8, room is "identity" && e.IdentityName is { } name ? name : room);
            if (id is { } uid)
                json.WriteString("uid"u8, uid);
            json.WriteNumber("type_id"u8, Other);
            json.WriteString("type"u8, room);
        }

        private static void AccessTo(Utf8JsonWriter json, ExportedEntry e)
        {
            json.WriteStartArray("privileges"u8);
            json.WriteStringValue(e.Emergency ? "emergency access"u8 : "checkout"u8);
            json.WriteEndArray();
            if (e.Credential is null && e.Identity is null)
                return;
            json.WriteStartArray("resources"u8);
            json.WriteStartObject();
            json.WriteString("uid"u8, (e.Credential ?? e.Identity)!.Value);
            if (e.IdentityName is { } name)
                json.WriteString("name"u8, name);
            json.WriteString("type"u8, e.Credential is null ? "identity"u8 : "credential"u8);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        private static void Named(Utf8JsonWriter json, ReadOnlySpan<byte> name, string value)
        {
            json.WriteStartObject(name);
            json.WriteString("name"u8, value);
            json.WriteEndObject();
        }

        // What the schema has no place for: the facts, the ids, and the leaf hash that leads back into the trail.
        private static void Unmapped(Utf8JsonWriter json, ExportedEntry e)
        {
            json.WriteStartObject("unmapped"u8);
            json.WriteBoolean("emergency"u8, e.Emergency);
            json.WriteString("leaf_hash"u8, Convert.ToHexStringLower(e.LeafHash));
            Id(json, "person"u8, e.Person);
            Id(json, "identity"u8, e.Identity);
            Id(json, "credential"u8, e.Credential);
            Id(json, "request"u8, e.Request);
            Id(json, "session"u8, e.Session);
            json.WriteStartObject("facts"u8);
            foreach (var (name, value) in e.Facts)
                json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        private static void Id(Utf8JsonWriter json, ReadOnlySpan<byte> name, Guid? value)
        {
            if (value is { } id)
                json.WriteString(name, id);
        }
    }
}
