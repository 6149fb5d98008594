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
        var seen = Enumerable.Range(0, 4000).SelectMany(_ => NewPassword.Make(new PasswordShape(64, "-_-_")).Skip(1)).CountBy(b => (char)b).ToDictionary();

        // 64 characters in 252,000 draws: 3,937 each, with a spread of 62.
        Assert.Equal(64, seen.Count);
        Assert.All(seen, s => Assert.InRange(s.Value, 3937 - (8 * 62), 3937 + (8 * 62)));
    }

    [Fact]
    public void No_password_comes_twice()
        => Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => Convert.ToHexString(NewPassword.Make(PasswordShape.Usual))).Distinct().Count());

    [Fact]
    public void A_shape_that_does_not_hold_makes_nothing()
        => Assert.Throws<ArgumentException>(() => NewPassword.Make(new PasswordShape(11, "")));
}
