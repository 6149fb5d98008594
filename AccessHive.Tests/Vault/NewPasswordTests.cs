using System.Text;
using AccessHive.Core.Vault;
using CsCheck;
using Xunit;

namespace AccessHive.Tests.Vault;

public sealed class NewPasswordTests
{
    private const string AllSymbols = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    [Fact]
    public void A_password_has_one_of_each_kind_and_begins_with_no_symbol()
        => Gen.Select(Gen.Int[PasswordShape.Shortest, PasswordShape.Longest], Gen.Char[AllSymbols].Array[0, PasswordShape.MostSymbols]).Sample((length, symbols) =>
        {
            var password = Encoding.ASCII.GetString(NewPassword.Make(new PasswordShape(length, new string(symbols))));

            Assert.Equal(length, password.Length);
            Assert.Contains(password, char.IsAsciiLetterLower);
            Assert.Contains(password, char.IsAsciiLetterUpper);
            Assert.Contains(password, char.IsAsciiDigit);
            Assert.Equal(symbols.Length > 0, password.Any(symbols.Contains));
            Assert.All(password, c => Assert.True(char.IsAsciiLetterOrDigit(c) || symbols.Contains(c)));
            Assert.True(char.IsAsciiLetterOrDigit(password[0]));
        });

    [Fact]
    public void Every_character_is_as_likely_as_every_other()
    {
        var seen = Enumerable.Range(0, 2000).SelectMany(_ => NewPassword.Make(new PasswordShape(128, AllSymbols)).Skip(1)).CountBy(b => (char)b).ToDictionary();

        // 94 characters in 254,000 draws: 2,702 each, with a spread of 52. This long, next to none is drawn again.
        Assert.Equal(94, seen.Count);
        Assert.All(seen, s => Assert.InRange(s.Value, 2702 - (8 * 52), 2702 + (8 * 52)));
    }

    [Fact]
    public void A_symbol_that_is_named_twice_is_no_likelier()
    {
        var seen = Enumerable.Range(0, 2000).SelectMany(_ => NewPassword.Make(new PasswordShape(128, "-_____")).Skip(1)).CountBy(b => (char)b).ToDictionary();

        // 64 characters: 3,969 each, with a spread of 62, and a little more for the two of which one has to be there.
        Assert.InRange(seen['_'], 3969 - (8 * 62), 3969 + (10 * 62));
    }

    [Fact]
    public void No_password_comes_twice()
        => Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => Convert.ToHexString(NewPassword.Make(PasswordShape.Usual))).Distinct().Count());

    [Fact]
    public void A_shape_that_does_not_hold_makes_nothing()
        => Assert.Throws<ArgumentException>(() => NewPassword.Make(new PasswordShape(11, "")));
}
