using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;

namespace AccessHive.Web.Start;

/// <summary>
/// Gets a passphrase from a file, from the environment, or from a person at the terminal – never from the command line,
/// which every process of the machine can read.
/// </summary>
/// <param name="file">The file, if one was named.</param>
/// <param name="question">What the person at the terminal is asked.</param>
/// <param name="variable">The environment variable to look into.</param>
public sealed class PassphraseFrom(string? file, string question = "Passphrase: ", string? variable = PassphraseFrom.UsualVariable) : IPassphrase
{
    /// <summary>The environment variable that may hold the passphrase.</summary>
    public const string UsualVariable = "ACCESSHIVE_PASSPHRASE";

    private const int Longest = 1024;

    /// <inheritdoc/>
    public byte[]? Given()
    {
        if (file is not null)
            return Read(file);
        return variable is not null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } words ? Encoding.UTF8.GetBytes(words) : null;
    }

    /// <inheritdoc/>
    public byte[]? Ask()
    {
        if (Console.IsInputRedirected)
            return null;
        Console.Error.Write(question);
        var typed = new char[Longest];
        try
        {
            var length = Type(typed);
            Console.Error.WriteLine();
            return length == 0 ? null : Encoding.UTF8.GetBytes(typed, 0, length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(typed.AsSpan()));
        }
    }

    private static int Type(char[] typed)
    {
        var length = 0;
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                length = Math.Max(0, length - 1);
            else if (!char.IsControl(key.KeyChar) && length < typed.Length)
                typed[length++] = key.KeyChar;
        }

        return length;
    }

    // The line break that editors and echo put at the end is not part of it.
    private static byte[] Read(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            var length = bytes.AsSpan().TrimEnd("\r\n"u8).Length;
            if (length is > 0 and <= Longest)
            {
                var words = bytes[..length];
                CryptographicOperations.ZeroMemory(bytes);
                return words;
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Said below.
        }

        throw new CannotStartException($"The passphrase file {file} can't be read as one: it holds one line of at most {Longest} bytes.");
    }
}
