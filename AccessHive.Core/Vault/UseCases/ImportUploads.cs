using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Vault.UseCases;

/// <summary>
/// The files that people are importing: in memory only, one for each person, for 20 minutes at most. It is zeroed when the
/// time is over, when another one takes its place, when its import is done, and when the process ends. Nothing of it is
/// ever written to a disk.
/// </summary>
public sealed class ImportUploads(HiveClock clock) : IDisposable
{
    /// <summary>How long a file is kept. An import that has begun is finished.</summary>
    public static Duration Kept { get; } = Duration.FromMinutes(20);

    private readonly Lock gate = new();
    private readonly Dictionary<PersonId, Upload> uploads = [];
    private long last;

    /// <summary>Keeps a file for a person, instead of the one before.</summary>
    internal Upload Keep(PersonId person, string name, ImportSheet sheet)
    {
        lock (gate)
        {
            if (uploads.Remove(person, out var before))
                before.Leave();
            var upload = new Upload(++last, person, name, sheet, clock.Now + Kept);
            upload.WipeOnTime(clock.Time, Kept);
            uploads.Add(person, upload);
            return upload;
        }
    }

    /// <summary>The file of a person, if it is still this one.</summary>
    internal Upload? Find(PersonId person, long id)
    {
        lock (gate)
            return uploads.TryGetValue(person, out var upload) && upload.Id == id ? upload : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var upload in uploads.Values)
                upload.Leave();
            uploads.Clear();
        }
    }
}

/// <summary>One file of one person.</summary>
internal sealed class Upload(long id, PersonId person, string name, ImportSheet sheet, Instant until)
{
    private readonly Lock gate = new();
    private ITimer? timer;
    private bool isBorrowed;
    private bool isLeft;

    public long Id => id;

    public PersonId Person => person;

    public string Name => name;

    public Instant Until => until;

    /// <summary>What became of it: the last dry run's, then the import's.</summary>
    public ImportReport? Report { get; set; }

    /// <summary>The sheet, for one reader at a time; it isn't zeroed meanwhile.</summary>
    /// <returns>The loan, to be disposed; or <c>import-file-gone</c>, <c>import-running</c>.</returns>
    public Result<Loan> Borrow()
    {
        lock (gate)
        {
            if (isLeft)
                return ImportRefusals.FileGone;
            if (isBorrowed)
                return ImportRefusals.Running;
            isBorrowed = true;
            return new Loan(this, sheet);
        }
    }

    /// <summary>It is not needed any more: zeroed now, or when the loan is back.</summary>
    public void Leave()
    {
        lock (gate)
        {
            timer?.Dispose();
            isLeft = true;
            if (!isBorrowed)
                sheet.Dispose();
        }
    }

    public void WipeOnTime(TimeProvider time, Duration after) => timer = time.CreateTimer(_ => Leave(), null, after.ToTimeSpan(), Timeout.InfiniteTimeSpan);

    private void Return()
    {
        lock (gate)
        {
            isBorrowed = false;
            if (isLeft)
                sheet.Dispose();
        }
    }

    public sealed class Loan(Upload upload, ImportSheet sheet) : IDisposable
    {
        public ImportSheet Sheet => sheet;

        public void Dispose() => upload.Return();
    }
}
