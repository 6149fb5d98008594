using System.Security.Cryptography;
using System.Text;

namespace AccessHive.Core.Vault;

/// <summary>Makes passwords nobody chose.</summary>
public static class NewPassword
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";

    /// <summary>
    /// Every password of the shape with a lower and an upper letter, a digit and – where symbols may appear – a symbol, and
    /// without a symbol at its beginning, is as likely as every other.
    /// </summary>
    /// <param name="shape">A shape whose values hold.</param>
    /// <returns>The password in ASCII. The caller zeroes it.</returns>
    /// <exception cref="ArgumentException">The shape's values don't hold.</exception>
    public static byte[] Make(PasswordShape shape)
    {
        if (shape.Check() is { } refusal)
            throw new ArgumentException(refusal.Code, nameof(shape));
        var symbols = Encoding.ASCII.GetBytes(new string([.. shape.Symbols.Distinct()]));
        byte[] plain = [.. Encoding.ASCII.GetBytes(Lower + Upper + Digits)];
        byte[] all = [.. plain, .. symbols];
        var password = new byte[shape.Length];
        // Drawn again as a whole until it holds: mending single characters would make some passwords likelier than others.
        do
        {
            RandomNumberGenerator.GetItems<byte>(plain, password.AsSpan(0, 1));
            RandomNumberGenerator.GetItems<byte>(all, password.AsSpan(1));
        }
        while (!Holds(password, symbols));

        return password;
    }

    private static bool Holds(ReadOnlySpan<byte> password, ReadOnlySpan<byte> symbols)
        => password.ContainsAnyInRange((byte)'a', (byte)'z') && password.ContainsAnyInRange((byte)'A', (byte)'Z')
            && password.ContainsAnyInRange((byte)'0', (byte)'9') && (symbols.IsEmpty || password.ContainsAny(symbols));
}
