using System.Diagnostics;
using System.Globalization;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Audit.UseCases.Formats;

namespace AccessHive.Bench;

/// <summary>Each format, all entries and the last tenth of them: how fast, and how much memory – which must not depend on how many.</summary>
internal static class ExportBench
{
    private const int Looks = 20;

    public static async Task RunAsync(BenchHouse house, long entries)
    {
        Console.WriteLine($"{"export",-26} {"entries",12} {"MB",8} {"s",8} {"entries/s",12} {"peak live MB",13} {"peak heap MB",13}");
        // The code is compiled and the pages of the file are known before anything is measured.
        await RowAsync(house, "jsonl", entries - Math.Min(entries - 1, 20_000), tell: false);
        foreach (var format in ExportFormats.All)
        {
            await RowAsync(house, format.Id, entries - (entries / 10), tell: true);
            await RowAsync(house, format.Id, after: 0, tell: true);
        }
    }

    private static async Task RowAsync(BenchHouse house, string format, long after, bool tell)
    {
        var export = house.Get<ExportTrail>();
        var begun = (await export.BeginAsync(house.Owner, new ExportWish(format, new TrailFilter(), after))).Require();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var nowhere = new Nowhere(begun.Entries, before);
        var watch = Stopwatch.StartNew();
        await export.WriteAsync(begun, nowhere, nowhere);
        var took = watch.Elapsed - nowhere.Looking;
        if (tell)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{format + (after > 0 ? ", newer than" : ", all"),-26} {begun.Entries,12:N0} {nowhere.Bytes / 1e6,8:N0} {took.TotalSeconds,8:0.0} {begun.Entries / took.TotalSeconds,12:N0} {nowhere.Live / 1e6,13:0.0} {nowhere.Heap / 1e6,13:0.0}"));
        }
    }

    // Takes everything and keeps nothing; looks at what the process keeps, twenty times on the way.
    private sealed class Nowhere(long entries, long before) : Stream, IProgress<long>
    {
        private long looked;

        public long Bytes { get; private set; }

        public long Live { get; private set; }

        public long Heap { get; private set; }

        public TimeSpan Looking { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Bytes;

        public override long Position { get => Bytes; set => throw new NotSupportedException(); }

        public void Report(long value)
        {
            var look = value * Looks / Math.Max(1, entries);
            Heap = Math.Max(Heap, GC.GetTotalMemory(forceFullCollection: false) - before);
            if (look == looked)
                return;
            looked = look;
            var start = Stopwatch.GetTimestamp();
            Live = Math.Max(Live, GC.GetTotalMemory(forceFullCollection: true) - before);
            Looking += Stopwatch.GetElapsedTime(start);
        }

        public override void Write(byte[] buffer, int offset, int count) => Bytes += count;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
