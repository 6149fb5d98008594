namespace AccessHive.Web.Features.Cases;

/// <summary>One colour of a chart.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Tone">The class of its colour.</param>
/// <param name="Values">One for each week.</param>
public sealed record BarSeries(string Name, string Tone, IReadOnlyList<double> Values);
