using System.Globalization;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>
/// The anchors outside the database. Where they go back to a smaller size, the house was put back to an earlier state;
/// what follows is a list of its own, and all lists are read side by side.
/// </summary>
internal sealed class AnchorPoints : ISignedPoints
{
    private readonly List<Run> runs = [];

    public AnchorPoints(VerifyWish wish, KeyChain keys, Diagnosis diagnosis, CancellationToken cancellation)
    {
        if (wish.Anchors is not { } file)
            return;
        Survey(file, wish.Witness, keys, diagnosis, cancellation);
        foreach (var run in runs)
            run.Next();
        Next();
    }

    public SignedPoint? Current { get; private set; }

    public void Next()
    {
        var first = runs.Where(r => r.Current is not null).MinBy(r => r.Current!.Size);
        Current = first?.Current;
        first?.Next();
    }

    public void Dispose()
    {
        foreach (var run in runs)
            run.Dispose();
    }

    // Once for the certificates, and to see where a list begins.
    private void Survey(string file, NoteKey? witness, KeyChain keys, Diagnosis diagnosis, CancellationToken cancellation)
    {
        using var anchors = new AnchorFile(file);
        var (size, from, any, foreign) = (long.MaxValue, 0L, false, false);
        while (anchors.Next(out var note))
        {
            cancellation.ThrowIfCancellationRequested();
            string? wrong = null;
            if (note is null)
            {
                wrong = "can't be read";
            }
            else if (note.Text.StartsWith(KeyCertificate.Kind, StringComparison.Ordinal))
            {
                wrong = keys.Take(note);
                foreign |= wrong == "is of another house";
            }
            else if (!Checkpoint.TryParse(note.Text, out var said))
            {
                wrong = "is neither a checkpoint nor a certificate";
            }
            else
            {
                foreign |= said.Origin != keys.Origin && keys.Origin.Length > 0;
                if (said.Size < size)
                {
                    if (any)
                        diagnosis.Add(TrailAttack.RolledBack, said.Size + 1, string.Create(CultureInfo.InvariantCulture, $"Anchor {anchors.Number} has {said.Size:N0} entries, and the one before had {size:N0}: the house was put back to an earlier state there. Move the anchors aside once that is explained."));
                    runs.Add(new Run(file, from = anchors.Number, witness, keys, diagnosis));
                }

                (size, any) = (said.Size, true);
                runs[^1].Last = anchors.Number;
            }

            if (wrong is not null && anchors.IsTorn)
                diagnosis.Add(TrailAttack.Damaged, null, string.Create(CultureInfo.InvariantCulture, $"The last anchor, {anchors.Number}, is torn: a machine that stopped can do that, and the next start of AccessHive mends it."));
            else if (wrong is not null && !foreign)
                diagnosis.Add(TrailAttack.Forged, null, string.Create(CultureInfo.InvariantCulture, $"Anchor {anchors.Number} {wrong}."));
        }

        if (foreign)
            throw new NotATrailException($"The anchors {file} are another house's than this trail: check which belong together.");
    }

    private sealed class Run(string file, long first, NoteKey? witness, KeyChain keys, Diagnosis diagnosis) : IDisposable
    {
        private AnchorFile? anchors;

        public long Last { get; set; }

        public SignedPoint? Current { get; private set; }

        public void Next()
        {
            Current = null;
            anchors ??= new AnchorFile(file);
            while (Current is null && anchors.Number < Last && anchors.Next(out var note))
            {
                if (anchors.Number < first || note is null || note.Text.StartsWith(KeyCertificate.Kind, StringComparison.Ordinal))
                    continue;
                if ((keys.Read(note, out var said) ?? Witnessed(note)) is { } wrong)
                    diagnosis.Add(TrailAttack.Forged, null, string.Create(CultureInfo.InvariantCulture, $"Anchor {anchors.Number} {wrong}."));
                else if (witness is null || note.IsSignedBy(witness))
                    Current = new SignedPoint(said!.Size, said.Root, said.At.ToUnixTimeMilliseconds(), string.Create(CultureInfo.InvariantCulture, $"anchor {anchors.Number}"));
            }
        }

        public void Dispose() => anchors?.Dispose();

        // An anchor that the witness never saw is none; one that claims it did is a lie.
        private string? Witnessed(SignedNote note)
            => witness is not null && !note.IsSignedBy(witness) && note.Signatures.Any(s => s.Name == witness.Name)
                ? $"bears a signature of {witness.Name} that this witness did not make"
                : null;
    }
}
