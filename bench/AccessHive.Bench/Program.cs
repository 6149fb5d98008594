using System.Globalization;
using AccessHive.Bench;

if (args is ["rekey", .. var rekey])
{
    var secrets = rekey is [var many, ..] ? int.Parse(many, CultureInfo.InvariantCulture) : 100_000;
    await RekeyBench.RunAsync(rekey is [_, var place, ..] ? place : Path.Combine(Path.GetTempPath(), "accesshive-bench", $"secrets-{secrets}"), secrets);
    return;
}

if (args is ["append", .. var append])
{
    // Houses without a tree belong to nobody afterwards: they begin anew each time.
    var scratch = append is [_, var elsewhere, ..] ? elsewhere : Path.Combine(Path.GetTempPath(), "accesshive-bench", $"append-{Environment.ProcessId}");
    await AppendBench.RunAsync(scratch, append is [var each, ..] ? int.Parse(each, CultureInfo.InvariantCulture) : 2_000);
    Directory.Delete(scratch, recursive: true);
    return;
}

if (args is ["export", .. var exported])
{
    var many = exported is [var howMany, ..] ? long.Parse(howMany, CultureInfo.InvariantCulture) : 1_000_000;
    await using var full = await BenchHouse.OpenAsync(exported is [_, var there, ..] ? there : Path.Combine(Path.GetTempPath(), "accesshive-bench", $"{many}"));
    await TrailFill.FillAsync(full, many);
    await ExportBench.RunAsync(full, many);
    return;
}

// Only makes the house, or goes on making it: for long ones, before they are measured.
if (args is ["fill", var wanted, .. var where])
{
    await using var kept = await BenchHouse.OpenAsync(where is [var at, ..] ? at : Path.Combine(Path.GetTempPath(), "accesshive-bench", wanted));
    await TrailFill.FillAsync(kept, long.Parse(wanted, CultureInfo.InvariantCulture));
    return;
}

if (args is ["verify", .. var verify])
{
    var many = verify is [var number, ..] ? long.Parse(number, CultureInfo.InvariantCulture) : 1_000_000;
    var chosen = verify is [_, var given, ..] ? given : Path.Combine(Path.GetTempPath(), "accesshive-bench", $"{many}");
    await using (var filled = await BenchHouse.OpenAsync(chosen))
        await TrailFill.FillAsync(filled, many);
    // Opened anew, the clock knows how late the trail says it is.
    await using var again = await BenchHouse.OpenAsync(chosen);
    await VerifyBench.RunAsync(again);
    return;
}

var entries = args is [var count, ..] ? long.Parse(count, CultureInfo.InvariantCulture) : 1_000_000;
var folder = args is [_, var named, ..] ? named : Path.Combine(Path.GetTempPath(), "accesshive-bench", $"{entries}");

await using var opened = await BenchHouse.OpenAsync(folder);
await TrailFill.FillAsync(opened, entries);
await TrailBench.RunAsync(opened);
