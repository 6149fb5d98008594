using System.Security.Cryptography;
using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>A file that was received, as far as it may be shown.</summary>
/// <param name="Id">Which file.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Encoding">How its letters are written.</param>
/// <param name="Separator">What stands between two cells.</param>
/// <param name="Rows">Rows, the first one too.</param>
/// <param name="Guess">How it would be read.</param>
/// <param name="Until">When it is zeroed.</param>
public sealed record ImportFile(long Id, string Name, string Encoding, char Separator, int Rows, ImportMapping Guess, Instant Until);

/// <summary>One column of a file as it is shown to whoever says what it is.</summary>
/// <param name="Header">What the first row calls it; empty without a header.</param>
/// <param name="Samples">Its first cells; of a column that is or could be secret only how long they are.</param>
public sealed record ImportSample(string Header, IReadOnlyList<string> Samples);

/// <summary>What came of a row.</summary>
public enum ImportOutcome
{
    /// <summary>A new identity, with its credential if the row has one.</summary>
    NewIdentity,

    /// <summary>A new credential of an identity that was there.</summary>
    NewCredential,

    /// <summary>Everything was there already; nothing was changed.</summary>
    ThereAlready,

    /// <summary>Nothing of it was stored.</summary>
    Problem,

    /// <summary>The import ended before it.</summary>
    NotReached,
}

/// <summary>One line of the report. Never a secret.</summary>
/// <param name="Line">Where the row begins in the file, from 1.</param>
/// <param name="Outcome">What came of it – or would, in a dry run.</param>
/// <param name="Name">The identity; empty when the row couldn't be read.</param>
/// <param name="Client">Whose account.</param>
/// <param name="Platform">Where.</param>
/// <param name="Credential">The credential's label.</param>
/// <param name="Problem">Why nothing of it was stored.</param>
public sealed record ImportLine(int Line, ImportOutcome Outcome, string Name, string Client, string Platform, string Credential, Refusal? Problem);

/// <summary>The report of a dry run or an import.</summary>
/// <param name="IsDryRun">Whether nothing was stored.</param>
/// <param name="Lines">Line by line.</param>
/// <param name="Counts">What came of them.</param>
/// <param name="Stopped">Why it ended before the last row.</param>
/// <param name="WasCancelled">Whether somebody cancelled it.</param>
public sealed record ImportReport(bool IsDryRun, IReadOnlyList<ImportLine> Lines, ImportCounts Counts, Refusal? Stopped, bool WasCancelled);

/// <summary>How far it is.</summary>
public sealed record ImportProgress(int Done, int Total, ImportCounts Counts);

/// <summary>
/// Imports identities and credentials out of a sheet: each row as a whole or not at all, a few dozen rows in one short
/// transaction, so that an emergency never waits for more than that.
/// </summary>
public sealed class ImportIdentities(Work work, IDbContextFactory<HiveContext> contexts, Keyring keyring, ImportUploads uploads)
{
    /// <summary>Rows of one transaction.</summary>
    public const int BatchSize = 40;

    private const int Samples = 3;
    private const int SampleLength = 40;

    /// <summary>Receives a file for this person. Its bytes are taken over, whatever comes of it.</summary>
    /// <returns>What it is; or <c>not-vault-manager</c>, or what <see cref="ImportSheet.Open"/> refuses.</returns>
    public async Task<Result<ImportFile>> ReceiveAsync(PersonId caller, string name, byte[] bytes, CancellationToken cancellation = default)
    {
        if (await RefusedAsync(caller, cancellation) is { } refused)
        {
            CryptographicOperations.ZeroMemory(bytes);
            return refused;
        }

        var sheet = ImportSheet.Open(bytes);
        return sheet.IsRefused ? sheet.Refusal : Describe(uploads.Keep(caller, name, sheet.Value), sheet.Value);
    }

    /// <summary>What this person has sent, if it is still kept.</summary>
    public Result<ImportFile> Find(PersonId caller, long file)
        => WithSheet(caller, file, (upload, sheet) => (Result<ImportFile>)Describe(upload, sheet));

    /// <summary>The columns, for whoever says what they are.</summary>
    /// <param name="caller">Whose file it is.</param>
    /// <param name="file">Which file.</param>
    /// <param name="mapping">What is said so far. Only columns that it calls something that is no secret are shown.</param>
    public Result<List<ImportSample>> Columns(PersonId caller, long file, ImportMapping mapping)
        => WithSheet<List<ImportSample>>(caller, file, (_, sheet) => Show(sheet, mapping));

    /// <summary>The report of the last run; nothing, if there is none.</summary>
    public ImportReport? Report(PersonId caller, long file) => uploads.Find(caller, file)?.Report;

    /// <summary>Zeroes the file. Its report is kept.</summary>
    public void Discard(PersonId caller, long file) => uploads.Find(caller, file)?.Leave();

    /// <summary>Says line by line what an import would do, and stores nothing.</summary>
    /// <returns>The report; or <c>not-vault-manager</c>, <c>import-file-gone</c>, <c>import-running</c>, or what <see cref="ImportMapping.Check"/> refuses.</returns>
    public Task<Result<ImportReport>> CheckAsync(PersonId caller, long file, ImportMapping mapping, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
        => RunAsync(caller, file, mapping, new DryRun(contexts), progress, cancellation);

    /// <summary>Imports. Cancelling ends it between two batches; what is stored stays.</summary>
    /// <returns>The report; or what <see cref="CheckAsync"/> refuses.</returns>
    public async Task<Result<ImportReport>> ImportAsync(PersonId caller, long file, ImportMapping mapping, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        var storing = new Storing(work, keyring, caller);
        var result = await RunAsync(caller, file, mapping, storing, progress, cancellation);
        if (result.IsRefused)
            return result;
        var report = result.Value;
        if (storing.By is { } by)
        {
            var stopped = report.WasCancelled ? "cancelled" : report.Stopped?.Code ?? "";
            await work.RunAsAsync<Done>(by, turn =>
            {
                turn.Db.Note(new ImportFinished(turn.Now, by, report.Lines.Count, report.Counts, stopped));
                return Task.FromResult<Result<Done>>(Done.Yes);
            }, CancellationToken.None);
        }

        // Cancelled or stopped, it can be begun again: what is there is passed over.
        if (report is { WasCancelled: false, Stopped: null })
            Discard(caller, file);
        return result;
    }

    private async Task<Result<ImportReport>> RunAsync(
        PersonId caller, long file, ImportMapping mapping, Taker taker, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        if ((await RefusedAsync(caller, cancellation) ?? mapping.Check()) is { } refused)
            return refused;
        if (uploads.Find(caller, file) is not { } upload)
            return ImportRefusals.FileGone;
        var borrowed = upload.Borrow();
        if (borrowed.IsRefused)
            return borrowed.Refusal;
        using var loan = borrowed.Value;
        return upload.Report = await ReadAsync(loan.Sheet, mapping, taker, progress, cancellation);
    }

    private static async Task<ImportReport> ReadAsync(ImportSheet sheet, ImportMapping mapping, Taker taker, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        var rows = sheet.Read();
        if (mapping.HasHeader)
            rows.Next();
        var total = sheet.Rows - (mapping.HasHeader ? 1 : 0);
        List<ImportLine> lines = new(total);
        var counts = new ImportCounts(0, 0, 0, 0);
        Refusal? stopped = null;
        var cancelled = false;
        progress?.Report(new ImportProgress(0, total, counts));
        while (true)
        {
            var batch = new List<(int Line, Result<ImportRow> Row)>(BatchSize);
            try
            {
                while (batch.Count < BatchSize && rows.Next())
                    batch.Add((rows.Line, ImportRow.Read(rows, mapping)));
                if (batch.Count == 0)
                    break;
                cancelled = cancelled || cancellation.IsCancellationRequested;
                var taken = stopped is null && !cancelled ? await taker.TakeAsync(batch) : stopped ?? ImportRefusals.FileGone;
                if (taken.IsRefused && !cancelled)
                    stopped ??= taken.Refusal;
                lines.AddRange(taken.IsRefused ? batch.Select(b => Line(b, ImportOutcome.NotReached, stopped)) : taken.Value);
            }
            finally
            {
                foreach (var (_, row) in batch)
                    row.Value?.Dispose();
            }

            foreach (var line in lines.Skip(lines.Count - batch.Count))
                counts = Count(counts, line);
            progress?.Report(new ImportProgress(lines.Count, total, counts));
        }

        return new ImportReport(taker.IsDry, lines, counts, stopped, cancelled);
    }

    private static ImportLine Line((int Line, Result<ImportRow> Row) of, ImportOutcome outcome, Refusal? problem = null)
        => of.Row.IsRefused
            ? new ImportLine(of.Line, outcome, "", "", "", "", problem ?? of.Row.Refusal)
            : new ImportLine(of.Line, outcome, of.Row.Value.Identity.Name, of.Row.Value.Identity.Client, of.Row.Value.Identity.Platform, of.Row.Value.Credential?.Label ?? "", problem);

    private static ImportCounts Count(ImportCounts counts, ImportLine line) => line.Outcome switch
    {
        ImportOutcome.NewIdentity => counts with { Identities = counts.Identities + 1, Credentials = counts.Credentials + (line.Credential.Length > 0 ? 1 : 0) },
        ImportOutcome.NewCredential => counts with { Credentials = counts.Credentials + 1 },
        ImportOutcome.ThereAlready => counts with { ThereAlready = counts.ThereAlready + 1 },
        ImportOutcome.Problem => counts with { Problems = counts.Problems + 1 },
        _ => counts,
    };

    private static List<ImportSample> Show(ImportSheet sheet, ImportMapping mapping)
    {
        var rows = sheet.Read();
        var headers = new string[sheet.Columns];
        Array.Fill(headers, "");
        if (mapping.HasHeader && rows.Next())
        {
            for (var i = 0; i < headers.Length; i++)
                headers[i] = Cut(rows.AsText(i).Trim());
        }

        var samples = headers.Select(_ => new List<string>()).ToArray();
        for (var row = 0; row < Samples && rows.Next(); row++)
        {
            // In a row that is written wrong, a secret may have slipped into another column.
            if (rows.Fault != CsvFault.None || rows.Count != headers.Length)
                continue;
            for (var i = 0; i < headers.Length; i++)
            {
                if (!rows.IsEmpty(i))
                    samples[i].Add(MayShow(mapping, i) ? Cut(rows.AsText(i).Trim()) : rows.Characters(i) == 1 ? "•••• 1 character" : $"•••• {rows.Characters(i)} characters");
            }
        }

        return [.. headers.Zip(samples, (header, shown) => new ImportSample(header, shown))];
    }

    // What nobody has named yet could be a secret.
    private static bool MayShow(ImportMapping mapping, int column)
        => column < mapping.Columns.Count && mapping.Columns[column] is not ImportColumn.Ignore && !ImportMapping.IsSecret(mapping.Columns[column]);

    private static string Cut(string text) => text.Length > SampleLength ? $"{text[..SampleLength]}…" : text;

    private static ImportFile Describe(Upload upload, ImportSheet sheet)
        => new(upload.Id, upload.Name, sheet.Encoding, (char)sheet.Separator, sheet.Rows, sheet.Guess, upload.Until);

    private Result<T> WithSheet<T>(PersonId caller, long file, Func<Upload, ImportSheet, Result<T>> read)
    {
        if (uploads.Find(caller, file) is not { } upload)
            return ImportRefusals.FileGone;
        var borrowed = upload.Borrow();
        if (borrowed.IsRefused)
            return borrowed.Refusal;
        using var loan = borrowed.Value;
        return read(upload, loan.Sheet);
    }

    private async Task<Refusal?> RefusedAsync(PersonId caller, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return (await Reader.AsActorAsync(db, caller, cancellation)).Has(RolePermissions.VaultManagers) ? null : VaultRefusals.NotVaultManager;
    }

    /// <summary>Takes a batch: for good, or only to say what would come of it.</summary>
    private abstract class Taker
    {
        public abstract bool IsDry { get; }

        public abstract Task<Result<List<ImportLine>>> TakeAsync(IReadOnlyList<(int Line, Result<ImportRow> Row)> batch);

        protected static List<ImportLine> Take(IReadOnlyList<(int Line, Result<ImportRow> Row)> batch, Shelf shelf, Func<ImportRow, Place, Refusal?> store)
            => [.. batch.Select(one => Take(one, shelf, store))];

        private static ImportLine Take((int Line, Result<ImportRow> Row) one, Shelf shelf, Func<ImportRow, Place, Refusal?> store)
        {
            if (one.Row.IsRefused)
                return Line(one, ImportOutcome.Problem);
            var row = one.Row.Value;
            var place = shelf.PlaceOf(row.Identity);
            if (place.IsArchived)
                return Line(one, ImportOutcome.Problem, ImportRefusals.IdentityArchived);
            if (place.IsThere && (row.Credential is null || place.Has(row.Credential)))
                return Line(one, ImportOutcome.ThereAlready);
            var outcome = place.IsThere ? ImportOutcome.NewCredential : ImportOutcome.NewIdentity;
            if (store(row, place) is { } refused)
                return Line(one, ImportOutcome.Problem, refused);
            place.Take(row.Credential);
            return Line(one, outcome);
        }
    }

    private sealed class DryRun(IDbContextFactory<HiveContext> contexts) : Taker
    {
        private readonly Shelf shelf = new();

        public override bool IsDry => true;

        public override async Task<Result<List<ImportLine>>> TakeAsync(IReadOnlyList<(int Line, Result<ImportRow> Row)> batch)
        {
            await using var db = await contexts.CreateDbContextAsync();
            await shelf.ReadAsync(db, batch);
            return Take(batch, shelf, (_, _) => null);
        }
    }

    private sealed class Storing(Work work, Keyring keyring, PersonId caller) : Taker
    {
        public override bool IsDry => false;

        /// <summary>Who imports, as they were in the last batch.</summary>
        public Actor? By { get; private set; }

        public override Task<Result<List<ImportLine>>> TakeAsync(IReadOnlyList<(int Line, Result<ImportRow> Row)> batch)
            => work.RunAsync<List<ImportLine>>(caller, new Attempt("import identities", Emergency: false, Subject.Nothing), async turn =>
            {
                By = turn.By;
                if (!turn.By.Has(RolePermissions.VaultManagers))
                    return VaultRefusals.NotVaultManager;
                var shelf = new Shelf();
                await shelf.ReadAsync(turn.Db, batch);
                return Take(batch, shelf, (row, place) => Store(turn, row, place));
            }, CancellationToken.None);

        // What is refused half way was never added to the transaction, and so leaves nothing in it – no entry either.
        private Refusal? Store(Turn turn, ImportRow row, Place place)
        {
            var identity = place.Identity;
            if (identity is null)
            {
                var added = SharedIdentity.Add(turn.By, row.Identity, turn.Now);
                if (added.IsRefused)
                    return added.Refusal;
                identity = added.Value;
            }

            if (row.Credential is not null)
            {
                var credential = Credential.Add(turn.By, identity, row.Credential, turn.Now);
                if (credential.IsRefused)
                    return credential.Refusal;
                if (Fill(turn, row, credential.Value) is { } refused)
                    return refused;
                turn.Db.Credentials.Add(credential.Value);
            }

            if (place.Identity is null)
                turn.Db.Identities.Add(identity);
            place.Identity = identity;
            return null;
        }

        private Refusal? Fill(Turn turn, ImportRow row, Credential credential)
        {
            var secret = keyring.Seal(credential.IdentityId, credential.Id, FieldKind.Secret, credential.NextVersion, row.Secret, turn.By.Id, turn.Now);
            if (credential.ChangeSecret(turn.By, secret, turn.Now) is { IsRefused: true, Refusal: { } refused })
                return refused;
            foreach (var (kind, kept, count) in row.Fields)
            {
                var value = keyring.Seal(credential.IdentityId, credential.Id, kind, credential.NextVersionOf(kind), kept, turn.By.Id, turn.Now);
                if (credential.ChangeField(turn.By, value, count, turn.Now) is { IsRefused: true, Refusal: { } no })
                    return no;
            }

            return null;
        }
    }

    /// <summary>What is there, as far as a file has asked.</summary>
    private sealed class Shelf
    {
        private readonly Dictionary<(string Name, string Client, string Platform), Place> places = [];

        public Place PlaceOf(IdentityDetails details) => places[Key(details.Name, details.Client, details.Platform)];

        /// <summary>Reads what is there for the rows of a batch, unless it is known already.</summary>
        public async Task ReadAsync(HiveContext db, IReadOnlyList<(int Line, Result<ImportRow> Row)> batch)
        {
            List<string> names = [];
            foreach (var (_, row) in batch)
            {
                if (!row.IsRefused && places.TryAdd(Key(row.Value.Identity.Name, row.Value.Identity.Client, row.Value.Identity.Platform), new Place()))
                    names.Add(row.Value.Identity.Name);
            }

            var found = names.Count == 0 ? [] : await db.Identities.Where(i => names.Contains(i.Name)).OrderBy(i => i.Id).ToListAsync();
            // One that is in use comes before one that isn't.
            var asked = found.OrderBy(i => i.ArchivedAt is not null).Where(i => places.TryGetValue(Key(i.Name, i.Client, i.Platform), out var place) && place.TakeUp(i)).ToDictionary(i => i.Id);
            if (asked.Count == 0)
                return;
            var ids = asked.Keys.ToList();
            foreach (var credential in await db.Credentials.Where(c => ids.Contains(c.IdentityId) && c.ArchivedAt == null).Select(c => new { c.IdentityId, c.Label, c.UserName }).ToListAsync())
            {
                var identity = asked[credential.IdentityId];
                places[Key(identity.Name, identity.Client, identity.Platform)].Take(credential.Label, credential.UserName);
            }
        }

        private static (string, string, string) Key(string name, string client, string platform) => (Fold(name), Fold(client), Fold(platform));
    }

    /// <summary>An identity that a row may name, there or not.</summary>
    private sealed class Place
    {
        private readonly HashSet<(string Label, string UserName)> credentials = [];
        private bool isTaken;

        public SharedIdentity? Identity { get; set; }

        public bool IsArchived => Identity?.ArchivedAt is not null;

        public bool IsThere => isTaken || Identity is not null;

        public bool TakeUp(SharedIdentity identity)
        {
            if (Identity is not null)
                return false;
            Identity = identity;
            return true;
        }

        public bool Has(CredentialDetails credential) => credentials.Contains((Fold(credential.Label.Trim()), Fold(credential.UserName.Trim())));

        public void Take(CredentialDetails? credential)
        {
            isTaken = true;
            if (credential is not null)
                Take(credential.Label.Trim(), credential.UserName.Trim());
        }

        public void Take(string label, string userName) => credentials.Add((Fold(label), Fold(userName)));
    }

    // As the database compares them: a name's letters from A to Z are the same large or small, others aren't.
    private static string Fold(string text)
        => string.Create(text.Length, text, (letters, from) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
        });
}
