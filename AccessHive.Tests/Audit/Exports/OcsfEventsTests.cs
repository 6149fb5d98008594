using System.Text.Json;
using System.Text.Json.Nodes;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Audit.UseCases.Formats;
using Xunit;

namespace AccessHive.Tests.Audit.Exports;

/// <summary>Each kind of entry as an event of OCSF, and that the schema in the tests would notice.</summary>
public sealed class OcsfEventsTests
{
    private const string Origin = "accesshive/0f8c9f449d34";
    private static readonly Guid Identity = Guid.CreateVersion7();
    private static readonly Guid Credential = Guid.CreateVersion7();
    private static readonly Guid Session = Guid.CreateVersion7();

    [Fact]
    public void Every_kind_of_entry_holds_whatever_is_known_of_it() => Assert.All(ReadTrail.Types, type =>
    {
        OcsfSchema.Holds(Read(Event(type)));
        OcsfSchema.Holds(Read(Event(type, emergency: true)));
        OcsfSchema.Holds(Read(Event(type, named: false)));
        OcsfSchema.Holds(Read(Event(type, known: false)));
        OcsfSchema.Holds(Read(Event(type, named: false, known: false)));
    });

    [Theory]
    [InlineData("person.invited", "time", null)]
    [InlineData("person.invited", "user", null)]
    [InlineData("person.invited", "metadata/product", null)]
    [InlineData("person.signed-in", "service", null)]
    [InlineData("session.started", "privileges", null)]
    [InlineData("request.raised", "entity", null)]
    public void What_is_required_may_not_be_missing(string type, string path, string? nothing) => Refused(type, path, nothing);

    [Theory]
    [InlineData("person.invited", "activity_id", "13")]
    [InlineData("person.invited", "activity_id", "5")]
    [InlineData("person.signed-in", "activity_id", "8")]
    [InlineData("request.raised", "activity_id", "14")]
    [InlineData("session.started", "activity_id", "3")]
    [InlineData("session.started", "type_uid", "300502")]
    [InlineData("session.started", "class_uid", "3006")]
    [InlineData("session.started", "category_uid", "4")]
    [InlineData("session.started", "severity_id", "7")]
    [InlineData("session.started", "status_id", "3")]
    [InlineData("session.started", "user/type_id", "5")]
    [InlineData("request.raised", "entity/type_id", "8")]
    [InlineData("request.raised", "metadata/version", "\"1.9.0\"")]
    public void A_number_that_does_not_exist_or_does_not_fit_is_refused(string type, string path, string number) => Refused(type, path, number);

    [Theory]
    [InlineData("person.invited", "class_name", "\"Authentication\"")]
    [InlineData("person.invited", "activity_name", "\"Enable\"")]
    [InlineData("person.invited", "type_name", "\"Account Change\"")]
    [InlineData("person.invited", "severity", "\"Low\"")]
    [InlineData("person.invited", "status", "\"Failure\"")]
    [InlineData("person.invited", "user/type", "\"Person\"")]
    [InlineData("person.roles-changed", "activity_name", "\"Other\"")]
    [InlineData("person.roles-changed", "activity_name", null)]
    [InlineData("request.raised", "entity/type", "\"Other\"")]
    [InlineData("policy.approval-edited", "entity/type", "\"policy\"")]
    [InlineData("policy.approval-edited", "entity/policy", null)]
    public void A_word_that_is_not_that_of_its_number_is_refused(string type, string path, string? word) => Refused(type, path, word);

    [Theory]
    [InlineData("person.invited", "tiem", "1")]
    [InlineData("person.invited", "entity", "{\"name\":\"a\"}")]
    [InlineData("request.raised", "user", "{\"name\":\"a\"}")]
    [InlineData("session.started", "session", "{\"uid\":\"a\"}")]
    [InlineData("session.started", "resource", "{\"uid\":\"a\"}")]
    [InlineData("person.invited", "policy", "{\"uid\":\"a\"}")]
    [InlineData("person.invited", "actor/invoked_by", "\"a\"")]
    [InlineData("person.invited", "user/credential_uid", "\"a\"")]
    [InlineData("person.invited", "metadata/log_nam", "\"a\"")]
    public void An_attribute_that_is_unknown_there_or_deprecated_is_refused(string type, string path, string value) => Refused(type, path, value);

    [Fact]
    public void A_policy_and_an_agency_are_entities_of_their_own_types()
    {
        var (policy, agency) = (Event("policy.emergency-edited")["entity"]!, Event("agency.settings-changed")["entity"]!);

        Assert.Equal((5, "Policy", "emergency", "emergency"), ((int)policy["type_id"]!, (string)policy["type"]!, (string)policy["name"]!, (string)policy["policy"]!["name"]!));
        Assert.Equal((4, "Organization", Origin, Origin), ((int)agency["type_id"]!, (string)agency["type"]!, (string)agency["uid"]!, (string)agency["org"]!["uid"]!));
    }

    [Theory]
    [InlineData("session.secret-revealed", "credential")]
    [InlineData("session.extended", "session")]
    [InlineData("identity.edited", "identity")]
    public void An_entity_bears_the_id_of_what_its_type_says(string type, string kind)
    {
        var entity = Event(type)["entity"]!;

        var ids = new Dictionary<string, Guid> { ["credential"] = Credential, ["session"] = Session, ["identity"] = Identity };
        Assert.Equal((kind, ids[kind].ToString()), ((string)entity["type"]!, (string)entity["uid"]!));
    }

    private static void Refused(string type, string path, string? value)
    {
        var one = Event(type);
        OcsfSchema.Holds(Read(one));

        var steps = path.Split('/');
        var at = steps[..^1].Aggregate(one, (o, step) => o[step]!.AsObject());
        at.Remove(steps[^1]);
        if (value is not null)
            at.Add(steps[^1], JsonNode.Parse(value));
        OcsfSchema.Refuses(Read(one));
    }

    private static JsonObject Event(string type, bool emergency = false, bool named = true, bool known = true)
    {
        using var to = new MemoryStream();
        using var writer = new OcsfFormat().Open(to, new ExportHead(Origin, 1, 1, false, false, "1.0.0", "a-host"));
        Guid? Known(Guid id) => known ? id : null;
        writer.Write(new ExportedEntry
        {
            Seq = 1,
            RecordedAt = 1_790_000_000_000,
            Type = type,
            Emergency = emergency,
            Actor = Known(Guid.CreateVersion7()),
            ActorName = named ? "Adam" : null,
            Person = Known(Guid.CreateVersion7()),
            PersonName = named ? "Priya" : null,
            Identity = Known(Identity),
            IdentityName = known && named ? "Meta Business Manager" : null,
            Credential = Known(Credential),
            Request = Known(Guid.CreateVersion7()),
            Session = Known(Session),
            Payload = [],
            LeafHash = new byte[32],
            Facts = [new("why", "because")],
        });
        return JsonNode.Parse(to.ToArray())!.AsObject();
    }

    private static JsonElement Read(JsonObject one) => JsonSerializer.SerializeToElement(one);
}
