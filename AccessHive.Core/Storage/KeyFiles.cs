using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Vault;

namespace AccessHive.Core.Storage;

/// <summary>Key files on the disk: written whole and flushed before anything depends on them, readable by their owner only.</summary>
internal static class KeyFiles
{
    /// <summary>What the file says.</summary>
    /// <exception cref="CannotStartException">It can't be read, or says nothing that is a key.</exception>
    public static KeyFile Read(string file)
    {
        try
        {
            if (KeyFile.Parse(File.ReadAllText(file).Trim()) is { } key)
                return key;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Said below.
        }

        throw new CannotStartException($"The key file {file} can't be read as a key: put back the one that was made with this database.");
    }

    /// <summary>The key of a file that is there.</summary>
    /// <exception cref="CannotStartException">It can't be read, a passphrase is needed and not there, or given and not needed.</exception>
    public static FileKeyWrapper Open(string file, IPassphrase? passphrase)
    {
        using var said = Read(file);
        var words = said.Passphrase is null ? passphrase?.Given() : passphrase?.Given() ?? passphrase?.Ask();
        try
        {
            return (said.Passphrase, words) switch
            {
                (null, null) => said.Open([]),
                (null, not null) => throw new CannotStartException($"A passphrase was given, but {file} holds the key itself: leave the passphrase out, or change to one with rekey --to-passphrase-file FILE."),
                (not null, null) => throw new CannotStartException($"The key in {file} is made from a passphrase: give it with --passphrase-file FILE, in ACCESSHIVE_PASSPHRASE, or type it at a terminal."),
                (not null, not null) => said.Open(words),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(words);
        }
    }

    /// <summary>The new key of a house that is being rekeyed, as it was begun.</summary>
    /// <exception cref="CannotStartException">It can't be read, a passphrase is needed and not there, or it was begun with another kind of key.</exception>
    public static FileKeyWrapper OpenBegun(string file, RekeyWish wish)
    {
        using var said = Read(file);
        var isPassphrase = said.Passphrase is not null;
        if (wish.ToPassphrase is { } wished && wished != isPassphrase)
            throw new CannotStartException($"Changing the key was begun with a {(isPassphrase ? "passphrase: finish it with --to-passphrase-file FILE" : "key file: finish it with --to-key-file")}, and change again afterwards.");
        return Open(file, isPassphrase ? wish.Passphrase : null);
    }

    /// <summary>A new key in a new file: from the passphrase that is given, else at random.</summary>
    /// <exception cref="CannotStartException">It can't be written, or the passphrase is too short.</exception>
    public static FileKeyWrapper Make(string file, IPassphrase? passphrase) => Make(file, passphrase?.Given());

    /// <summary>A new key in a new file, from a passphrase that is given or typed now.</summary>
    /// <exception cref="CannotStartException">It can't be written, or the passphrase is missing or too short.</exception>
    public static FileKeyWrapper MakeFromPassphrase(string file, IPassphrase passphrase)
        => Make(file, passphrase.Given() ?? passphrase.Ask() ?? throw new CannotStartException("The new key is to be made from a passphrase: give it with --to-passphrase-file FILE."));

    private static FileKeyWrapper Make(string file, byte[]? words)
    {
        try
        {
            if (words is { Length: < PassphraseKey.LeastLength })
                throw new CannotStartException($"The passphrase is too short: it takes at least {PassphraseKey.LeastLength} characters.");
            using var made = words is null ? KeyFile.NewKey() : KeyFile.NewPassphrase();
            var key = made.Open(words);
            Write(file, made);
            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(words);
        }
    }

    private static void Write(string file, KeyFile key)
    {
        try
        {
            using var stream = OwnerOnly.Open(file, FileMode.CreateNew);
            stream.Write(Encoding.ASCII.GetBytes(key.ToText() + "\n"));
            // On the disk before anything is sealed with it: a power cut must not leave a database without its key.
            stream.Flush(flushToDisk: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The key file {file} can't be written: choose another data folder with --data FOLDER.");
        }
    }
}
