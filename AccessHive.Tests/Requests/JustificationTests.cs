using AccessHive.Core.Requests;
using CsCheck;
using Xunit;

namespace AccessHive.Tests.Requests;

public sealed class JustificationTests
{
    [Theory]
    [InlineData(19, "justification-too-short")]
    [InlineData(20, null)]
    [InlineData(1000, null)]
    [InlineData(1001, "justification-too-long")]
    public void Twenty_to_a_thousand_characters_count_after_trimming(int length, string? refusal)
    {
        var words = new string('x', length);

        Assert.Equal(refusal, Of(words).Check()?.Code);
        Assert.Equal(refusal, Of($" \t\r\n{words}\u00a0\u2003 ").Trimmed().Check()?.Code);
        Assert.Equal(refusal, Of($"   {words}   ").Check()?.Code);
    }

    [Fact]
    public void White_space_alone_is_no_justification()
        => Assert.Equal(RequestRefusals.JustificationTooShort, Of(new string(' ', 500)).Check());

    [Fact]
    public void A_known_reason_is_needed_and_a_reference_has_at_most_100_characters()
    {
        var good = Of(new string('x', 20));

        Assert.All(Enum.GetValues<ReasonCategory>(), c => Assert.Null((good with { Category = c }).Check()));
        Assert.Equal(RequestRefusals.ReasonMissing, (good with { Category = (ReasonCategory)99 }).Check());
        Assert.Null((good with { IncidentReference = new string('r', 100) + "  " }).Check());
        Assert.Equal(RequestRefusals.ReferenceTooLong, (good with { IncidentReference = new string('r', 101) }).Check());
    }

    [Fact]
    public void Other_spacing_and_case_are_the_same_words()
    {
        var word = Gen.String[Gen.Char.AlphaNumeric, 1, 8];
        Gen.Select(word.Array[3, 12], Gen.Const(0).Select(Gen.Int[1, 3], (_, n) => new string(' ', n))).Sample((words, space) =>
        {
            var first = Of(string.Join(' ', words));
            var again = string.Join($"{space}\n", words).ToUpperInvariant();
            Assert.True(first.SaysTheSameAs($"  {again}\t"));
            Assert.False(first.SaysTheSameAs(string.Join(' ', words) + " more"));
        });
    }

    private static Justification Of(string text) => new(text, ReasonCategory.Other, "");
}
