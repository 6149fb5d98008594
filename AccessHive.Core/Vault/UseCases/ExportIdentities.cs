using System.Globalization;
using System.Text;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>
/// Takes what is known about identities and credentials out as a file – never a secret, sealed or not. The entry is
/// committed before the first line leaves.
/// </summary>
public sealed class ExportIdentities(Work work, IDbContextFactory<HiveContext> contexts)
{
    /// <summary>Who may: those who keep the vault, and those who look after it.</summary>
    public const Roles Exporters = RolePermissions.VaultManagers | Roles.Auditor;

    private static readonly string[] header =
    [
        "Name", "Type", "Platform", "Client", "Owner", "Risk", "Notes", "In use", "Credential", "Credential type", "User name", "Address",
        "Version", "Changed", "One-time codes", "Recovery codes left", "Exposed since",
    ];

    /// <summary>Exports the identities that the list shows.</summary>
    /// <param name="caller">Who exports.</param>
    /// <param name="filter">What the list is narrowed to.</param>
    /// <param name="open">Opens what is written to, once the entry is committed.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Done; or <c>not-exporter</c>.</returns>
    public async Task<Result<Done>> WriteAsync(PersonId caller, IdentityFilter filter, Func<Stream> open, CancellationToken cancellation = default)
    {
        var noted = await work.RunAsync<Done>(caller, new Attempt("export the identities", Emergency: false, Subject.Nothing), turn => NoteAsync(turn, filter), cancellation);
        if (noted.IsRefused)
            return noted.Refusal;
        // With a byte order mark: spreadsheets take a file without one for an old code page.
        await using var text = new StreamWriter(open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), bufferSize: 16_384, leaveOpen: true);
        await using var csv = new CsvWriter(text, SafeCsv(), leaveOpen: true);
        await LineAsync(csv, header);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await foreach (var row in Rows(db, filter).AsAsyncEnumerable().WithCancellation(cancellation))
            await LineAsync(csv, Cells(row));
        await csv.FlushAsync();
        return Done.Yes;
    }

    /// <summary>How every file of ours is written: what a spreadsheet would take for a formula begins with an apostrophe.</summary>
    public static CsvConfiguration SafeCsv() => new(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape, NewLine = "\r\n" };

    private static async Task<Result<Done>> NoteAsync(Turn turn, IdentityFilter filter)
    {
        if (!turn.By.Has(Exporters))
            return ExportRefusals.NotExporter;
        var identities = IdentityQueries.Matching(turn.Db, filter);
        var count = await identities.CountAsync(turn.Cancellation);
        var credentials = await turn.Db.Credentials.CountAsync(c => c.ArchivedAt == null && identities.Any(i => i.Id == c.IdentityId), turn.Cancellation);
        turn.Db.Note(new IdentitiesExported(turn.Now, turn.By, count, credentials, Words(filter)));
        return Done.Yes;
    }

    private static string Words(IdentityFilter filter) => string.Join(", ", new[]
    {
        filter.Search.Trim().Length > 0 ? $"search {filter.Search.Trim()}" : "",
        filter.Type?.ToString() ?? "",
        filter.Client.Length > 0 ? $"client {filter.Client}" : "",
        filter.Platform.Length > 0 ? $"platform {filter.Platform}" : "",
        filter.Archived ? "archived" : "",
    }.Where(w => w.Length > 0));

    private static IQueryable<Row> Rows(HiveContext db, IdentityFilter filter)
        => from i in IdentityQueries.Matching(db, filter)
           join c in db.Credentials.Where(c => c.ArchivedAt == null) on i.Id equals c.IdentityId into credentials
           from c in credentials.DefaultIfEmpty()
           orderby i.Name, i.Id, c.Id
           select new Row(
               i.Name, i.Type, i.Platform, i.Client, db.People.Where(p => p.Id == i.OwnerId).Select(p => p.Name).FirstOrDefault(), i.Risk, i.Notes, i.ArchivedAt == null,
               c == null ? null : c.Label, c == null ? null : c.Type, c == null ? null : c.UserName, c == null ? null : c.Address,
               c == null ? null : c.CurrentVersion, c == null ? null : c.SecretChangedAt,
               c != null && db.CredentialFields.Any(f => f.CredentialId == c.Id && f.Kind == FieldKind.TotpSeed && f.CurrentVersion > 0),
               c == null ? null : db.CredentialFields.Where(f => f.CredentialId == c.Id && f.Kind == FieldKind.RecoveryCodes && f.CurrentVersion > 0).Select(f => (int?)f.Left).FirstOrDefault(),
               c == null ? null : c.ExposedSince);

    private static string?[] Cells(Row row) =>
    [
        row.Name, row.Type.ToString(), row.Platform, row.Client, row.Owner, row.Risk.ToString(), row.Notes, row.InUse ? "yes" : "no",
        row.Credential, row.CredentialType?.ToString(), row.UserName, row.Address, row.Version?.ToString(CultureInfo.InvariantCulture), Text(row.Changed),
        row.Credential is null ? "" : row.HasOneTimeCodes ? "yes" : "no", row.CodesLeft?.ToString(CultureInfo.InvariantCulture), Text(row.ExposedSince),
    ];

    private static string Text(Instant? instant) => instant is { } at ? InstantPattern.General.Format(at) : "";

    private static async Task LineAsync(CsvWriter csv, IEnumerable<string?> cells)
    {
        foreach (var cell in cells)
            csv.WriteField(cell);
        await csv.NextRecordAsync();
    }

    private sealed record Row(
        string Name, IdentityType Type, string Platform, string Client, string? Owner, RiskLevel Risk, string Notes, bool InUse,
        string? Credential, CredentialType? CredentialType, string? UserName, string? Address, int? Version, Instant? Changed, bool HasOneTimeCodes, int? CodesLeft, Instant? ExposedSince);
}

/// <summary>Why an export is refused.</summary>
public static class ExportRefusals
{
    /// <summary>None of the person's roles exports the list.</summary>
    public static readonly Refusal NotExporter = new("not-exporter");
}
