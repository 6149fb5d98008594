using AccessHive.Core.Audit;
using AccessHive.Tests.Audit.Proofs;
using AccessHive.Web.Commands;
using Xunit;

namespace AccessHive.Tests.Start;

/// <summary>The commands that check a trail, by their exit codes and what they print.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly PaperHouse house = PaperHouse.Of(40);

    public void Dispose() => house.Dispose();

    [Fact]
    public void Verify_says_by_its_exit_code_whether_a_trail_is_good_tampered_not_anchored_or_none()
    {
        Assert.Equal((0, true), Run("The trail is good.", "verify", house.Database, "--anchors", house.Anchors, "--key", house.FirstKey.ToString()));
        Assert.Equal((1, true), Run("TAMPERED: edited, first at entry 11.", "verify", house.Rewritten(e => e[16] = e[16] with { Kind = "credential.added" }), "--anchors", house.Anchors));
        Assert.Equal((2, true), Run("no anchor outside", "verify", house.Database));
        house.WriteAnchors(3);
        Assert.Equal((2, true), Run("10 newest entries are not anchored", "verify", house.Database, "--anchors", house.Anchors));
        foreach (var wrong in new[] { ["verify", house.Database + ".not"], ["verify", house.Anchors], ["verify", "--key", "no key"], ["verify", "--what"], ["verify", "one", "two"], new[] { "verify", house.Database, "--anchors", "nowhere" } })
            Assert.Equal(3, Run("", wrong).Code);
    }

    [Fact]
    public void Proofs_are_written_into_files_that_check_by_themselves()
    {
        var data = Directory.CreateDirectory(house.Database + "-folder").FullName;
        File.Copy(house.Database, Path.Combine(data, "accesshive.db"));
        var (proof, consistency, signed, state) = (Path.Combine(data, "17.jsonl"), Path.Combine(data, "c.json"), Path.Combine(data, "signed"), Path.Combine(data, "state"));

        Assert.Equal(0, (Run("", "prove", "17", "--data", data, "--out", proof)).Code);
        Assert.Equal((0, true), Run("It holds: the entry is in the signed trail.", "prove", "--check", proof));
        Assert.Equal(3, (Run("", "prove", "41", "--data", data)).Code);
        Assert.Equal(3, (Run("", "prove", "17", "--data", data, "--out", proof)).Code);
        Assert.Equal(0, (Run("", "consistency", "20", "newest", "--data", data, "--out", consistency)).Code);
        Assert.Equal((0, true), Run("20 entries with root", "consistency", "--check", consistency));
        File.WriteAllText(proof, File.ReadAllText(proof).Replace("\"emergency\\\":false", "\"emergency\\\":true", StringComparison.Ordinal));
        Assert.Equal((1, true), Run("TAMPERED: edited, first at entry 17.", "prove", "--check", proof));
        File.WriteAllText(consistency, File.ReadAllText(consistency).Replace("\"first\": 20", "\"first\": 21", StringComparison.Ordinal));
        Assert.Equal((1, true), Run("TAMPERED", "consistency", "--check", consistency));
        Assert.Equal(0, (Run("", "witness", house.Anchors, "--state", state, "--out", signed)).Code);
        Assert.Equal((0, true), Run("The trail is good.", "verify", house.Database, "--anchors", signed));
        Assert.Equal((2, true), Run("no anchor outside", "verify", house.Database, "--anchors", house.Anchors, "--witness", Stranger));
        Assert.Equal(3, (Run("", "verify", house.Database, "--anchors", house.Anchors, "--witness", house.FirstKey.ToString())).Code);
        Assert.Equal(3, (Run("", "witness", house.Anchors)).Code);
    }

    private static string Stranger => NoteKey.OfWitness("stranger.example", new byte[32]).ToString();

    private static (int Code, bool Said) Run(string words, params string[] args)
    {
        var written = new StringWriter();
        var code = args switch
        {
            ["verify", .. var rest] => VerifyCommand.Run(rest, written),
            ["prove", .. var rest] => ProveCommand.Run(rest, written),
            ["consistency", .. var rest] => ConsistencyCommand.Run(rest, written),
            ["witness", .. var rest] => WitnessCommand.Run(rest),
            _ => throw new ArgumentException("No such command.", nameof(args)),
        };
        return (code, written.ToString().Contains(words, StringComparison.Ordinal));
    }
}
