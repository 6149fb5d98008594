using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>Rows of a query as they lie in the database: no objects, no conversion, and of each value the type it really has.</summary>
internal sealed class Rows : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly nint handle;

    public Rows(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
        handle = statement.DangerousGetHandle();
    }

    /// <summary>Goes to the next row; false after the last.</summary>
    /// <exception cref="SqliteException">The database is damaged here.</exception>
    public bool Next()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
            Check(code);
        return false;
    }

    public bool IsNull(int column) => TypeOf(handle, column) == raw.SQLITE_NULL;

    /// <summary>Whether it is a number and nothing that could be taken for one.</summary>
    public bool IsNumber(int column) => TypeOf(handle, column) == raw.SQLITE_INTEGER;

    public bool IsText(int column) => TypeOf(handle, column) == raw.SQLITE_TEXT;

    public bool IsBlob(int column) => TypeOf(handle, column) == raw.SQLITE_BLOB;

    public long Number(int column) => NumberOf(handle, column);

    /// <summary>The bytes of a text or a blob, valid until the next row.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        var start = BytesOf(handle, column);
        return start == 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), start), LengthOf(handle, column));
    }

    public void Dispose() => statement.Dispose();

    // What is asked of every value of a million rows, and only looks at the row that is there: without the care that a call
    // into SQLite usually takes, half of the time of a verification would be that care.
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_type"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory), SuppressGCTransition]
    private static extern int TypeOf(nint statement, int column);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_int64"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory), SuppressGCTransition]
    private static extern long NumberOf(nint statement, int column);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_blob"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory), SuppressGCTransition]
    private static extern nint BytesOf(nint statement, int column);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_bytes"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory), SuppressGCTransition]
    private static extern int LengthOf(nint statement, int column);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw new SqliteException(raw.sqlite3_errmsg(database).utf8_to_string(), code, raw.sqlite3_extended_errcode(database));
    }
}
