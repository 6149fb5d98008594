using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using AccessHive.Core.Kernel;

namespace AccessHive.Core.Vault;

/// <summary>What a column of a sheet is.</summary>
public enum ImportColumn
{
    /// <summary>It is left out.</summary>
    Ignore,

    /// <summary>The identity's name.</summary>
    Name,

    /// <summary>What kind of account it is.</summary>
    Type,

    /// <summary>Where it is an account.</summary>
    Platform,

    /// <summary>Whose account it is.</summary>
    Client,

    /// <summary>How much harm it can do.</summary>
    Risk,

    /// <summary>Anything but secrets.</summary>
    Notes,

    /// <summary>What the credential is.</summary>
    CredentialLabel,

    /// <summary>What kind of credential it is.</summary>
    CredentialType,

    /// <summary>The name to sign in with.</summary>
    UserName,

    /// <summary>Where to sign in.</summary>
    Address,

    /// <summary>The main secret.</summary>
    Secret,

    /// <summary>The seed of one-time codes.</summary>
    TotpSeed,

    /// <summary>Recovery codes.</summary>
    RecoveryCodes,
}

/// <summary>How a sheet is read.</summary>
/// <param name="HasHeader">Whether its first row says what the columns are.</param>
/// <param name="Columns">What each column is, from the left.</param>
public sealed record ImportMapping(bool HasHeader, IReadOnlyList<ImportColumn> Columns)
{
    /// <summary>Whether a column holds something that is sealed and never shown.</summary>
    public static bool IsSecret(ImportColumn column) => column is ImportColumn.Secret or ImportColumn.TotpSeed or ImportColumn.RecoveryCodes;

    /// <summary>Where a column is; -1 when there is none.</summary>
    public int IndexOf(ImportColumn column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column)
                return i;
        }

        return -1;
    }

    /// <summary>Checks that it can be read.</summary>
    /// <returns>Nothing when it can; or <c>import-name-column-missing</c>, <c>import-column-twice</c>.</returns>
    public Refusal? Check()
    {
        if (IndexOf(ImportColumn.Name) < 0)
            return ImportRefusals.NameColumnMissing;
        return Columns.Where(c => c != ImportColumn.Ignore).GroupBy(c => c).Any(g => g.Count() > 1) ? ImportRefusals.ColumnTwice : null;
    }
}

/// <summary>
/// A file of comma-separated values, as UTF-8 in one piece of memory that is not moved – so that what is zeroed is all
/// there was – and what was found out about it.
/// </summary>
public sealed class ImportSheet : IDisposable
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MostBytes = 10 * 1024 * 1024;

    /// <summary>Most rows, without the header.</summary>
    public const int MostRows = 20_000;

    /// <summary>Most columns.</summary>
    public const int MostColumns = 60;

    private static readonly SearchValues<byte> separators = SearchValues.Create(",;\t|"u8);

    private static readonly (ImportColumn Column, string[] Names)[] known =
    [
        (ImportColumn.Name, ["name", "title", "identity", "account", "accountname", "entry", "titel", "konto", "identitaet", "identität"]),
        (ImportColumn.Type, ["type", "kind", "identitytype", "accounttype", "typ", "art"]),
        (ImportColumn.Platform, ["platform", "service", "site", "app", "plattform", "dienst"]),
        (ImportColumn.Client, ["client", "customer", "company", "folder", "grouping", "kunde", "mandant", "firma"]),
        (ImportColumn.Risk, ["risk", "risklevel", "criticality", "risiko"]),
        (ImportColumn.Notes, ["notes", "note", "comment", "comments", "remark", "description", "notizen", "notiz", "bemerkung", "extra"]),
        (ImportColumn.CredentialLabel, ["credential", "credentiallabel", "label", "bezeichnung"]),
        (ImportColumn.CredentialType, ["credentialtype", "secrettype"]),
        (ImportColumn.UserName, ["username", "user", "login", "loginname", "loginusername", "email", "clientid", "benutzer", "benutzername"]),
        (ImportColumn.Address, ["address", "url", "uri", "loginuri", "link", "website", "signinat", "adresse", "webseite"]),
        (ImportColumn.Secret, ["secret", "password", "pass", "loginpassword", "key", "apikey", "clientsecret", "token", "passwort", "kennwort"]),
        (ImportColumn.TotpSeed, ["totp", "otp", "otpauth", "logintotp", "totpseed", "2fa", "authenticator", "setupkey"]),
        (ImportColumn.RecoveryCodes, ["recoverycodes", "backupcodes", "recovery", "backup", "wiederherstellungscodes"]),
    ];

    private readonly byte[] utf8;
    private readonly int start;

    private ImportSheet(byte[] utf8, int start, byte separator, string encoding)
        => (this.utf8, this.start, Separator, Encoding) = (utf8, start, separator, encoding);

    /// <summary>What stands between two cells.</summary>
    public byte Separator { get; }

    /// <summary>How its letters were written: UTF-8, UTF-16 or Windows-1252.</summary>
    public string Encoding { get; }

    /// <summary>Rows, the first one too.</summary>
    public int Rows { get; private set; }

    /// <summary>Columns of the first row.</summary>
    public int Columns { get; private set; }

    /// <summary>How it would be read, by its first row.</summary>
    public ImportMapping Guess { get; private set; } = new(false, []);

    /// <summary>Memory for a file that is about to be read.</summary>
    public static byte[] Room(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);

    /// <summary>Opens a file and takes over its bytes: they are zeroed with the sheet, or at once when it is refused.</summary>
    /// <returns>The sheet; or <c>import-file-empty</c>, <c>import-file-not-csv</c>, <c>import-too-many-rows</c>.</returns>
    public static Result<ImportSheet> Open(byte[] file)
    {
        var (text, skip, encoding) = Decoded(file);
        if (!ReferenceEquals(text, file))
            CryptographicOperations.ZeroMemory(file);
        var refused = Refused(text.AsSpan(skip));
        if (refused is null)
        {
            var (separator, first) = SeparatorOf(text.AsSpan(skip));
            var sheet = new ImportSheet(text, skip + first, separator, encoding);
            refused = sheet.Measure();
            if (refused is null)
                return sheet;
        }

        CryptographicOperations.ZeroMemory(text);
        return refused;
    }

    /// <summary>Reads it from its first row, with the line numbers of the file.</summary>
    public CsvRows Read() => new(utf8.AsMemory(start), Separator);

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(utf8);

    private static (byte[] Utf8, int Skip, string Encoding) Decoded(byte[] file)
    {
        if (file.AsSpan().StartsWith("\uFEFF"u8))
            return (file, 3, "UTF-8");
        if (file is [0xFF, 0xFE, ..])
            return (Convert(file.AsSpan(2), System.Text.Encoding.Unicode), 0, "UTF-16");
        if (file is [0xFE, 0xFF, ..])
            return (Convert(file.AsSpan(2), System.Text.Encoding.BigEndianUnicode), 0, "UTF-16");
        return System.Text.Unicode.Utf8.IsValid(file)
            ? (file, 0, "UTF-8")
            : (Convert(file, CodePagesEncodingProvider.Instance.GetEncoding(1252)!), 0, "Windows-1252");
    }

    private static byte[] Convert(ReadOnlySpan<byte> file, Encoding from)
    {
        var characters = GC.AllocateUninitializedArray<char>(from.GetCharCount(file), pinned: true);
        from.GetChars(file, characters);
        var bytes = Room(System.Text.Encoding.UTF8.GetByteCount(characters));
        System.Text.Encoding.UTF8.GetBytes(characters, bytes);
        Array.Clear(characters);
        return bytes;
    }

    private static Refusal? Refused(ReadOnlySpan<byte> text)
    {
        if (text.Trim(" \t\r\n"u8).IsEmpty)
            return ImportRefusals.FileEmpty;
        // A workbook is a zip or an OLE file; so are PDFs and pictures full of zeros.
        return text.Contains((byte)0) || text.StartsWith("PK\u0003\u0004"u8) || text.StartsWith("%PDF"u8) ? ImportRefusals.FileNotCsv : null;
    }

    // What stands most often in the first line, outside of quotation marks; or what a spreadsheet said with "sep=".
    private static (byte Separator, int First) SeparatorOf(ReadOnlySpan<byte> text)
    {
        if (text.Length > 4 && Ascii.EqualsIgnoreCase(text[..4], "sep=") && separators.Contains(text[4]) && (text.Length == 5 || text[5] is (byte)'\r' or (byte)'\n'))
            return (text[4], 5);
        Span<int> counts = stackalloc int[128];
        counts.Clear();
        var quoted = false;
        foreach (var letter in text)
        {
            if (letter == '"')
                quoted = !quoted;
            else if (!quoted && letter is (byte)'\r' or (byte)'\n')
                break;
            else if (!quoted && separators.Contains(letter))
                counts[letter]++;
        }

        var best = (byte)',';
        foreach (var one in ",;\t|"u8)
        {
            if (counts[one] > counts[best])
                best = one;
        }

        return (best, 0);
    }

    private static string Plain(string header) => new([.. header.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    private static ImportMapping GuessFrom(CsvRows first)
    {
        var columns = new ImportColumn[first.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            // No header is that long; and what is no header may be a secret, which becomes no string.
            var header = first.Characters(i) <= 40 ? Plain(first.AsText(i)) : "";
            var found = known.FirstOrDefault(k => k.Names.Contains(header)).Column;
            if (!columns.Contains(found))
                columns[i] = found;
        }

        // One word can be a coincidence.
        var said = columns.Count(c => c != ImportColumn.Ignore);
        return said >= Math.Min(2, columns.Length) ? new ImportMapping(true, columns) : new ImportMapping(false, new ImportColumn[columns.Length]);
    }

    private Refusal? Measure()
    {
        var rows = Read();
        while (rows.Next())
        {
            if (Rows++ == 0)
                (Columns, Guess) = (rows.Count, GuessFrom(rows));
        }

        if (Columns > MostColumns)
            return ImportRefusals.FileNotCsv;
        return Rows - (Guess.HasHeader ? 1 : 0) > MostRows ? ImportRefusals.TooManyRows : null;
    }
}

/// <summary>Why an import is refused.</summary>
public static class ImportRefusals
{
    /// <summary>At most 10 MB.</summary>
    public static readonly Refusal FileTooLarge = new("import-file-too-large");

    /// <summary>There is nothing in it.</summary>
    public static readonly Refusal FileEmpty = new("import-file-empty");

    /// <summary>A workbook, a picture, something else.</summary>
    public static readonly Refusal FileNotCsv = new("import-file-not-csv");

    /// <summary>At most 20,000 rows.</summary>
    public static readonly Refusal TooManyRows = new("import-too-many-rows");

    /// <summary>It is not kept any more: 20 minutes are over, another file was chosen, or AccessHive was started again.</summary>
    public static readonly Refusal FileGone = new("import-file-gone");

    /// <summary>It is being imported already.</summary>
    public static readonly Refusal Running = new("import-running");

    /// <summary>No column is the name.</summary>
    public static readonly Refusal NameColumnMissing = new("import-name-column-missing");

    /// <summary>Two columns are the same.</summary>
    public static readonly Refusal ColumnTwice = new("import-column-twice");

    /// <summary>A quotation mark is opened and never closed.</summary>
    public static readonly Refusal QuoteOpen = new("import-quote-open");

    /// <summary>Something stands after a closing quotation mark.</summary>
    public static readonly Refusal TextAfterQuote = new("import-text-after-quote");

    /// <summary>More cells than there are columns.</summary>
    public static readonly Refusal TooManyCells = new("import-too-many-cells");

    /// <summary>No such kind of account.</summary>
    public static readonly Refusal TypeUnknown = new("import-type-unknown");

    /// <summary>No such kind of credential.</summary>
    public static readonly Refusal CredentialTypeUnknown = new("import-credential-type-unknown");

    /// <summary>No such risk.</summary>
    public static readonly Refusal RiskUnknown = new("import-risk-unknown");

    /// <summary>The spreadsheet has put an error or a rounded number in the place of the secret.</summary>
    public static readonly Refusal SpreadsheetSpoiled = new("import-spreadsheet-spoiled");

    /// <summary>There is such an identity, and it is out of use.</summary>
    public static readonly Refusal IdentityArchived = new("import-identity-archived");
}
