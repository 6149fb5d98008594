using System.Globalization;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>Numbers of entries as ranges: as small as the story they tell, however many they are.</summary>
internal sealed class NumberSet
{
    private readonly List<(long First, long Last)> ranges = [];

    /// <summary>Adds a number.</summary>
    public void Add(long number)
    {
        if (ranges.Count > 0 && ranges[^1].Last == number - 1)
            ranges[^1] = (ranges[^1].First, number);
        else
            ranges.Add((number, number));
    }

    /// <summary>Adds what is written as <c>7,12-15</c>; what is written otherwise is not there.</summary>
    public void AddRanges(string text)
    {
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length <= 2 && long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && long.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last)
                ranges.Add((first, last));
        }
    }

    /// <summary>The first number that is here and not there.</summary>
    public long? FirstNotIn(NumberSet other)
    {
        var covering = other.ranges.Order().ToList();
        var at = 0;
        foreach (var (first, last) in ranges.Order())
        {
            for (var number = first; number <= last;)
            {
                while (at < covering.Count && covering[at].Last < number)
                    at++;
                if (at == covering.Count || covering[at].First > number)
                    return number;
                number = covering[at].Last + 1;
            }
        }

        return null;
    }
}
