using System.Text.Json;
using Json.Schema;
using Xunit;

namespace AccessHive.Tests.Audit.Exports;

/// <summary>What release 1.8.0 of OCSF says of the events that AccessHive writes; the file says how it came about.</summary>
internal static class OcsfSchema
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Audit", "Exports", "ocsf-1.8-subset.schema.json")));

    /// <summary>Fails, and says why, unless the event holds.</summary>
    public static void Holds(JsonElement one)
    {
        var result = Schema.Evaluate(one, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, $"{one}\n{string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation} {e.Key}: {e.Value}")))}");
    }

    /// <summary>Fails if the event holds.</summary>
    public static void Refuses(JsonElement one) => Assert.False(Schema.Evaluate(one).IsValid, one.ToString());
}
