using System.Globalization;
using System.Text.Json;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases.Verifying;
using AccessHive.Tests.Audit.Proofs;
using Xunit;

namespace AccessHive.Tests.Audit;

public sealed class OtherVerifiersTests
{
    [Fact]
    public async Task A_verifier_made_from_the_published_format_agrees_on_good_and_on_tampered_trails()
    {
        using var house = PaperHouse.Of(300);
        await OtherVerifiers.AgreesAsync(house.Verify(), house.Database, house.Anchors);
        await OtherVerifiers.AgreesAsync(house.Verify(anchors: false), house.Database, anchors: null);
        string[] tampered =
        [
            house.Rewritten(e => e[170] = e[170] with { Kind = "credential.added" }),
            house.Rewritten(e => e.RemoveRange(250, 50), 200),
            house.Copy("DELETE FROM Trail WHERE Seq = 17"),
            house.Copy("UPDATE Trail SET PersonId = NULL WHERE Seq = 17"),
            house.Copy("UPDATE TrailNotes SET Salt = zeroblob(16) WHERE Seq = 17"),
            house.Copy("UPDATE TrailNodes SET Hash = zeroblob(32)"),
            house.Copy("DELETE FROM TrailCheckpoints WHERE Id = 1"),
        ];
        foreach (var copy in tampered)
            await OtherVerifiers.AgreesAsync(house.Verify(copy), copy, house.Anchors);

        long[] sample = [1, 2, 128, 255, 256, 257, 299, 300];
        var (code, said) = await OtherVerifiers.PythonAsync(["paths", house.Database, "300", .. sample.Select(s => s.ToString(CultureInfo.InvariantCulture))]);
        Assert.Equal(0, code);
        var file = house.Database + ".jsonl";
        using (var trail = new OfflineTrail(house.Database))
        await using (var stream = File.Create(file))
            trail.Prove(sample, stream, notes: false);
        var proofs = (await File.ReadAllLinesAsync(file))[1..^1].Select(l => JsonDocument.Parse(l).RootElement.GetProperty("proof").ToString());
        Assert.Equal(said.Replace(" ", "", StringComparison.Ordinal).Split('\n')[..^1], proofs);

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\\\"seq\\\":256", "\\\"seq\\\":258", StringComparison.Ordinal));
        Assert.Equal((1, 1), (VerifyTrail.Run(new VerifyWish(file)).ExitCode, (await OtherVerifiers.PythonAsync("export", file)).Code));
    }
}
