using System.Buffers;
using System.Security.Cryptography;
using AccessHive.Core.Kernel;

namespace AccessHive.Core.Vault;

/// <summary>One row of a sheet, read and checked: an identity, and the credential that the row has for it. Disposing zeroes its secrets.</summary>
public sealed class ImportRow : IDisposable
{
    private static readonly SearchValues<byte> errorLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZÜ/0"u8);

    private ImportRow(IdentityDetails identity) => Identity = identity;

    /// <summary>The identity.</summary>
    public IdentityDetails Identity { get; }

    /// <summary>The credential; nothing, when the row has only an identity.</summary>
    public CredentialDetails? Credential { get; private set; }

    /// <summary>The main secret.</summary>
    public byte[] Secret { get; private set; } = [];

    /// <summary>What lies beside it, ready to be sealed.</summary>
    public IReadOnlyList<(FieldKind Kind, byte[] Kept, int Count)> Fields { get; private set; } = [];

    /// <summary>Reads the row on which the reader stands.</summary>
    /// <returns>The row, to be disposed; or what is wrong with it. A refusal never repeats what stands there: it could be a secret.</returns>
    public static Result<ImportRow> Read(CsvRows row, ImportMapping mapping)
    {
        if (Broken(row, mapping) is { } broken)
            return broken;

        string Text(ImportColumn column) => mapping.IndexOf(column) is var i && i >= 0 ? row.AsText(i).Trim() : "";
        if (Words.IdentityType(Text(ImportColumn.Type)) is not { } type)
            return ImportRefusals.TypeUnknown;
        if (Words.Risk(Text(ImportColumn.Risk)) is not { } risk)
            return ImportRefusals.RiskUnknown;
        var identity = new IdentityDetails(Text(ImportColumn.Name), type, Text(ImportColumn.Platform), Text(ImportColumn.Client), null, Text(ImportColumn.Notes), risk);
        if (identity.Check() is { } refused)
            return refused;
        var read = new ImportRow(identity);
        if (!Says(row, mapping, ImportColumn.CredentialLabel, ImportColumn.CredentialType, ImportColumn.UserName, ImportColumn.Secret, ImportColumn.TotpSeed, ImportColumn.RecoveryCodes))
            return read;

        if (Words.CredentialType(Text(ImportColumn.CredentialType), type) is not { } kind)
            return ImportRefusals.CredentialTypeUnknown;
        var label = Text(ImportColumn.CredentialLabel);
        var credential = new CredentialDetails(label.Length > 0 ? label : kind.UsualLabel(), Text(ImportColumn.UserName), Text(ImportColumn.Address), kind);
        if ((credential.Check() ?? read.Take(row, mapping, credential)) is not { } no)
            return read;
        read.Dispose();
        return no;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Secret);
        foreach (var field in Fields)
            CryptographicOperations.ZeroMemory(field.Kept);
    }

    private static Refusal? Broken(CsvRows row, ImportMapping mapping)
    {
        if (row.Fault != CsvFault.None)
            return row.Fault == CsvFault.QuoteOpen ? ImportRefusals.QuoteOpen : ImportRefusals.TextAfterQuote;
        // A separator that nobody put in quotation marks has moved everything behind it.
        for (var i = mapping.Columns.Count; i < row.Count; i++)
        {
            if (!row.IsEmpty(i))
                return ImportRefusals.TooManyCells;
        }

        return null;
    }

    private static bool Says(CsvRows row, ImportMapping mapping, params ReadOnlySpan<ImportColumn> columns)
    {
        foreach (var column in columns)
        {
            if (mapping.IndexOf(column) is var i && i >= 0 && !row.IsEmpty(i))
                return true;
        }

        return false;
    }

    private Refusal? Take(CsvRows row, ImportMapping mapping, CredentialDetails credential)
    {
        Credential = credential;
        if (mapping.IndexOf(ImportColumn.Secret) is var secret && (secret < 0 || row.IsEmpty(secret)))
            return VaultRefusals.SecretMissing;
        Secret = row.AsBytes(secret);
        if (IsSpoiled(Secret))
            return ImportRefusals.SpreadsheetSpoiled;
        if (TypedSecret.Check(credential.Type, Secret) is { } refused)
            return refused;
        List<(FieldKind, byte[], int)> fields = [];
        Fields = fields;
        foreach (var (column, kind) in new[] { (ImportColumn.TotpSeed, FieldKind.TotpSeed), (ImportColumn.RecoveryCodes, FieldKind.RecoveryCodes) })
        {
            var cell = mapping.IndexOf(column);
            if (cell < 0 || row.IsEmpty(cell))
                continue;
            if (!credential.Type.HasCodes())
                return VaultRefusals.FieldNotKept;
            var typed = row.AsBytes(cell);
            if (kind == FieldKind.RecoveryCodes)
                OneALine(typed);
            var read = TypedSecret.Read(kind, typed);
            CryptographicOperations.ZeroMemory(typed);
            if (read.IsRefused)
                return read.Refusal;
            fields.Add((kind, read.Value.Kept, read.Value.Count));
        }

        return null;
    }

    // In a cell, people put them side by side.
    private static void OneALine(Span<byte> codes)
    {
        if (codes.ContainsAny((byte)'\n', (byte)'\r'))
            return;
        foreach (ref var letter in codes)
        {
            if (letter is (byte)',' or (byte)';' or (byte)'|')
                letter = (byte)'\n';
        }
    }

    // "#REF!", "#N/A", "1.23457E+15", "1,23457E+15": the secret was lost in the spreadsheet.
    private static bool IsSpoiled(ReadOnlySpan<byte> secret)
    {
        var text = secret.Trim(" "u8);
        if (text.SequenceEqual("#N/A"u8) || text.SequenceEqual("#NV"u8))
            return true;
        if (text is [(byte)'#', .. var inner, (byte)'!' or (byte)'?'] && inner.Length is >= 3 and <= 8 && !inner.ContainsAnyExcept(errorLetters))
            return true;
        var exponent = text.IndexOf("E+"u8);
        return exponent >= 3 && text[0] is >= (byte)'1' and <= (byte)'9' && text[1] is (byte)'.' or (byte)','
            && !text[2..exponent].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && text[(exponent + 2)..] is { Length: 2 or 3 } power && !power.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>What people write in a cell; nothing that is known, if null.</summary>
    private static class Words
    {
        public static IdentityType? IdentityType(string text) => Plain(text) switch
        {
            "" or "externalshared" or "externalsharedaccount" or "shared" or "login" or "account" or "password" => Vault.IdentityType.ExternalShared,
            "managedshared" or "managedsharedaccount" or "managed" => Vault.IdentityType.ManagedShared,
            "serviceaccount" or "service" or "keyfile" => Vault.IdentityType.ServiceAccount,
            "apikey" or "key" or "token" => Vault.IdentityType.ApiKey,
            "oauthapp" or "oauth" or "oauthclient" => Vault.IdentityType.OAuthApp,
            _ => null,
        };

        public static CredentialType? CredentialType(string text, IdentityType identity) => Plain(text) switch
        {
            "" => CredentialTypes.UsualFor(identity),
            "password" or "login" => Vault.CredentialType.Password,
            "keyfile" or "jsonkeyfile" or "jsonkey" or "file" => Vault.CredentialType.KeyFile,
            "apikey" or "key" or "token" => Vault.CredentialType.ApiKey,
            "oauthclient" or "oauth" or "clientsecret" => Vault.CredentialType.OAuthClient,
            _ => null,
        };

        public static RiskLevel? Risk(string text) => Plain(text) switch
        {
            "low" or "niedrig" or "gering" => RiskLevel.Low,
            "" or "medium" or "normal" or "mittel" => RiskLevel.Medium,
            "high" or "hoch" => RiskLevel.High,
            "critical" or "kritisch" => RiskLevel.Critical,
            _ => null,
        };

        private static string Plain(string text) => new([.. text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
    }
}
