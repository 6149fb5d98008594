using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using Fluxor;
using Fluxor.Blazor.Web.Components;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Vault;

/// <summary>
/// Imports a sheet in steps. The file itself never comes here: it goes round the circuit into the memory of the server, and
/// this page only knows its number.
/// </summary>
public sealed partial class ImportPage : FluxorComponent
{
    private static readonly (Step Step, string Words)[] Steps = [(Step.File, "File"), (Step.Columns, "Columns"), (Step.Checked, "Dry run"), (Step.Done, "Import")];

    private readonly CancellationTokenSource gone = new();
    private CancellationTokenSource? running;
    private Step step;
    private ImportFile? file;
    private ImportMapping mapping = new(false, []);
    private IReadOnlyList<ImportSample> samples = [];
    private ImportProgress progress = new(0, 0, new ImportCounts(0, 0, 0, 0));
    private ImportReport? report;
    private Refusal? refusal;

    private enum Step
    {
        File,
        Columns,
        Checking,
        Checked,
        Importing,
        Done,
    }

    [Inject]
    private IState<MeState> Me { get; set; } = default!;

    [Inject]
    private ImportIdentities Import { get; set; } = default!;

    private Step Stage => step switch { Step.Checking => Step.Checked, Step.Importing => Step.Done, _ => step };

    private string FileWords
    {
        get
        {
            var rows = file!.Rows - (mapping.HasHeader ? 1 : 0);
            return $"{file.Name} · {ImportWords.Count(rows, "row", "rows")} · separated by {ImportWords.Separator(file.Separator)} · {file.Encoding}. It is kept in memory only, for 20 minutes.";
        }
    }

    private string ProgressWords => string.Create(CultureInfo.InvariantCulture,
        $"{progress.Done:N0} of {progress.Total:N0} rows · {progress.Counts.Identities:N0} new identities, {progress.Counts.Credentials:N0} new credentials · {progress.Counts.ThereAlready:N0} already there · {progress.Counts.Problems:N0} with a problem");

    private int NewRows => report!.Counts.Identities + report.Counts.Credentials;

    private string ImportVerb => report!.Counts switch
    {
        { Identities: 0, Credentials: 0 } => "Nothing to import",
        { Problems: 0 } counts => $"Import {ImportWords.Count(counts.Identities, "identity", "identities")}, {ImportWords.Count(counts.Credentials, "credential", "credentials")}",
        var counts => $"Import {ImportWords.Count(counts.Identities, "identity", "identities")}, {ImportWords.Count(counts.Credentials, "credential", "credentials")} – without the {ImportWords.Count(counts.Problems, "row with a problem", "rows with a problem")}",
    };

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore(bool disposing)
    {
        await base.DisposeAsyncCore(disposing);
        await gone.CancelAsync();
        if (running is null && file is not null)
            Import.Discard(Me.Value.Self, file.Id);
        gone.Dispose();
    }

    private Task ReceivedAsync(long id)
    {
        var found = Import.Find(Me.Value.Self, id);
        refusal = found.Refusal;
        if (found.IsRefused)
            return Task.CompletedTask;
        (file, mapping, step) = (found.Value, found.Value.Guess, Step.Columns);
        return MapAsync(mapping);
    }

    private Task MapAsync(ImportMapping wanted)
    {
        mapping = wanted;
        var read = Import.Columns(Me.Value.Self, file!.Id, mapping);
        refusal = read.Refusal;
        samples = read.Value ?? samples;
        return Task.CompletedTask;
    }

    private Task CheckAsync() => RunAsync(Step.Checking, Step.Checked, Import.CheckAsync);

    private Task ImportAsync() => RunAsync(Step.Importing, Step.Done, Import.ImportAsync);

    private async Task RunAsync(
        Step during, Step after, Func<PersonId, long, ImportMapping, IProgress<ImportProgress>?, CancellationToken, Task<Result<ImportReport>>> run)
    {
        var before = step;
        using var cancelled = running = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
        (step, progress) = (during, new ImportProgress(0, 0, new ImportCounts(0, 0, 0, 0)));
        StateHasChanged();
        try
        {
            // Beside the circuit: reading twenty thousand rows must not hold up what this page hears and shows.
            var (self, id, how) = (Me.Value.Self, file!.Id, mapping);
            var result = await Task.Run(() => run(self, id, how, new Telling(this), cancelled.Token), CancellationToken.None);
            refusal = result.Refusal ?? result.Value?.Stopped;
            report = result.Value ?? report;
            step = result.IsRefused || (during == Step.Checking && result.Value.WasCancelled) ? (before == Step.Checked ? Step.Checked : Step.Columns) : after;
        }
        finally
        {
            running = null;
        }
    }

    private void Cancel() => running?.Cancel();

    private Task AgainAsync()
    {
        Import.Discard(Me.Value.Self, file!.Id);
        (step, file, report, refusal) = (Step.File, null, null, null);
        return Task.CompletedTask;
    }

    private sealed class Telling(ImportPage page) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => _ = page.InvokeAsync(() =>
        {
            page.progress = value;
            page.StateHasChanged();
        });
    }
}
