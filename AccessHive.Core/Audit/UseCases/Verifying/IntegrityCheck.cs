using System.Text;
using Microsoft.Data.Sqlite;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>SQLite's own look at its pages and indexes, on a thread of its own while the entries are read.</summary>
internal sealed class IntegrityCheck : IDisposable
{
    private static readonly string[] Tables = ["TrailTree", "TrailKeys", "TrailCheckpoints", "TrailNodes", "TrailNotes", "Trail"];
    private readonly SqliteConnection connection;
    private readonly Task<string?> answer;

    public IntegrityCheck(Func<SqliteConnection> open, bool all)
    {
        connection = open();
        answer = Task.Factory.StartNew(() => Ask(connection, all), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits for what it finds: nothing, or the first damage.</summary>
    public string? Answer() => answer.GetAwaiter().GetResult();

    /// <summary>Asks on this thread.</summary>
    public static string? Ask(SqliteConnection connection, bool all)
    {
        try
        {
            foreach (var what in all ? ["1"] : Tables)
            {
                using var rows = new Rows(connection, $"PRAGMA integrity_check({what})");
                var said = rows.Next() ? Encoding.UTF8.GetString(rows.Bytes(0)) : "no answer";
                if (said != "ok")
                    return said.Trim().Replace('\n', ' ');
            }

            return null;
        }
        catch (SqliteException fault)
        {
            return fault.Message.TrimEnd('.');
        }
    }

    public void Dispose()
    {
        if (!answer.IsCompleted)
            SQLitePCL.raw.sqlite3_interrupt(connection.Handle!);
        ((IAsyncResult)answer).AsyncWaitHandle.WaitOne();
        connection.Dispose();
    }
}
