using System.Globalization;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;

namespace AccessHive.Web.Features.Vault;

/// <summary>What people read while they import.</summary>
public static class ImportWords
{
    /// <summary>What a column is.</summary>
    public static string Name(ImportColumn column) => column switch
    {
        ImportColumn.Ignore => "Leave it out",
        ImportColumn.Name => "Name of the identity",
        ImportColumn.Type => "Type of the identity",
        ImportColumn.Platform => "Platform",
        ImportColumn.Client => "Client",
        ImportColumn.Risk => "Risk",
        ImportColumn.Notes => "Notes (everybody reads them)",
        ImportColumn.CredentialLabel => "Label of the credential",
        ImportColumn.CredentialType => "Type of the credential",
        ImportColumn.UserName => "User name or client id",
        ImportColumn.Address => "Address",
        ImportColumn.Secret => "Secret: password, key, client secret",
        ImportColumn.TotpSeed => "Set-up key of one-time codes",
        ImportColumn.RecoveryCodes => "Recovery codes",
        _ => column.ToString(),
    };

    /// <summary>What came of a row, or would.</summary>
    public static string Name(ImportOutcome outcome, bool isDryRun) => outcome switch
    {
        ImportOutcome.NewIdentity => isDryRun ? "New identity" : "Identity added",
        ImportOutcome.NewCredential => isDryRun ? "New credential" : "Credential added",
        ImportOutcome.ThereAlready => "Already there",
        ImportOutcome.Problem => "Problem",
        ImportOutcome.NotReached => "Not reached",
        _ => outcome.ToString(),
    };

    /// <summary>What stands between two cells.</summary>
    public static string Separator(char separator) => separator switch
    {
        ',' => "comma",
        ';' => "semicolon",
        '\t' => "tab",
        '|' => "vertical bar",
        _ => separator.ToString(),
    };

    /// <summary>"1 identity", "5,000 identities".</summary>
    public static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {many}");
}
