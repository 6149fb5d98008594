using AccessHive.Bench;

var entries = args is [var count, ..] ? long.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 1_000_000;
var folder = args is [_, var given, ..] ? given : Path.Combine(Path.GetTempPath(), "accesshive-bench", $"{entries}");

await using var house = await BenchHouse.OpenAsync(folder);
await TrailFill.FillAsync(house, entries);
await TrailBench.RunAsync(house);
