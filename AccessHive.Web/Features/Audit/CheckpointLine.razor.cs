using AccessHive.Core.Audit.UseCases;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Audit;

/// <summary>How far the trail is signed, in one quiet line. A checkpoint is no entry and does not come with the feed.</summary>
public sealed partial class CheckpointLine : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource gone = new();
    private ProofState? proof;
    private Task following = Task.CompletedTask;

    [Inject]
    private TrailProof Proof { get; set; } = default!;

    [Inject]
    private ReaderZone Zone { get; set; } = default!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        await following;
        gone.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
            following = FollowAsync();
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var state in Proof.FollowAsync(gone.Token))
                await InvokeAsync(() => Show(state));
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    private void Show(ProofState state)
    {
        proof = state;
        StateHasChanged();
    }
}
