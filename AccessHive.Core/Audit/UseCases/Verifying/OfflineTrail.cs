using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace AccessHive.Core.Audit.UseCases.Verifying;

/// <summary>
/// Reads what a proof needs from the database of a house, running or not, without a key and without changing anything:
/// entries, hashes, certificates and the newest signed checkpoint, all of one state.
/// </summary>
public sealed class OfflineTrail : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly string file;
    private readonly StoredTree tree;

    /// <summary>Opens one.</summary>
    /// <exception cref="NotATrailException">It is no database of AccessHive, or nothing is signed yet.</exception>
    public OfflineTrail(string file)
    {
        this.file = file;
        if (!File.Exists(file))
            throw new NotATrailException($"There is no {file}: check its name.");
        try
        {
            connection = Open(file);
            Do("BEGIN");
            tree = new StoredTree(connection);
            Origin = (string)(Scalar("SELECT \"Origin\" FROM \"TrailTree\"") ?? throw new NotATrailException($"{file} has no trail yet: start AccessHive once."));
            Signed = Scalar("SELECT \"Note\" FROM \"TrailCheckpoints\" ORDER BY \"Id\" DESC LIMIT 1") is byte[] note && SignedNote.TryParse(note, out var signed)
                ? signed
                : throw new NotATrailException($"{file} has no signed checkpoint yet: start AccessHive once.");
            Checkpoint = Checkpoint.TryParse(Signed.Text, out var checkpoint) ? checkpoint : throw Broken();
        }
        catch (SqliteException fault)
        {
            connection?.Dispose();
            throw new NotATrailException($"{file} can't be read as a database of AccessHive ({fault.Message.TrimEnd('.')}): run verify.");
        }
    }

    /// <summary>Which trail.</summary>
    public string Origin { get; }

    /// <summary>The newest signed checkpoint.</summary>
    public SignedNote Signed { get; }

    /// <summary>What it says.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Opens a database to be read, whether somebody has it open or not.</summary>
    internal static SqliteConnection Open(string file)
    {
        // Closed, it is read as it lies there, and not a file appears beside it; running, it is read as one state.
        var immutable = File.Exists(file + "-wal") ? "" : "?immutable=1";
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = new Uri(Path.GetFullPath(file)).AbsoluteUri + immutable,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 10,
        }.ConnectionString);
        opened.Open();
        return opened;
    }

    /// <summary>Writes entries with their proofs as an export that verifies: what <c>prove</c> and <c>evidence</c> hand over.</summary>
    /// <param name="entries">Their numbers.</param>
    /// <param name="to">Where to.</param>
    /// <param name="notes">Whether personal facts go along.</param>
    /// <exception cref="NotATrailException">One is not there, or not signed yet.</exception>
    public void Prove(IReadOnlyCollection<long> entries, Stream to, bool notes) => Guarded(() =>
    {
        var numbers = entries.Distinct().Order().ToList();
        if (numbers.Count == 0)
            throw new NotATrailException("There is no entry to prove.");
        if (numbers[^1] > Checkpoint.Size)
            throw new NotATrailException(string.Create(CultureInfo.InvariantCulture, $"Entry {numbers[^1]} is not there, or not signed yet: the newest checkpoint has {Checkpoint.Size} entries."));
        to.Write(TrailLines.Line(new TrailLinesHead(Origin, numbers[0], numbers[^1], Filtered: true, Checkpoint.Size, Certificates(), Signed.ToString())));
        foreach (var seq in numbers)
            to.Write(TrailLines.Line(Entry(seq, notes)));
        to.Write(TrailLines.End(numbers.Count, numbers[^1]));
        return true;
    });

    /// <summary>The proof that the trail of one size is the beginning of the trail of a later size.</summary>
    /// <param name="from">The earlier size.</param>
    /// <param name="to">The later one; null for the newest checkpoint, which then goes along.</param>
    /// <exception cref="NotATrailException">The trail has no such sizes.</exception>
    public ConsistencyFile Consistency(long from, long? to) => Guarded(() =>
    {
        var size = to ?? Checkpoint.Size;
        var newest = (long)(Scalar("SELECT \"Size\" FROM \"TrailTree\"") ?? throw Broken());
        if (from < 1 || from > size || size > newest)
            throw new NotATrailException(string.Create(CultureInfo.InvariantCulture, $"The trail has {newest} entries: give two sizes up to that, the smaller one first."));
        var signed = Scalar($"SELECT \"Note\" FROM \"TrailCheckpoints\" WHERE \"Size\" = {size.ToString(CultureInfo.InvariantCulture)} ORDER BY \"Id\" DESC LIMIT 1") is byte[] note ? SignedNote.Read(note) : null;
        return new ConsistencyFile(Origin, from, TreeProofs.Root(tree, from), size, TreeProofs.Root(tree, size), TreeProofs.Consistency(tree, from, size), signed is null ? [] : Certificates(), signed?.ToString());
    });

    /// <summary>Numbers of entries that a query finds; its only column is the number.</summary>
    internal IReadOnlyList<long> Numbers(string sql, params IReadOnlyList<(string Name, object Value)> parameters) => Column(sql, parameters, r => r.GetInt64(0));

    /// <summary>Texts that a query finds, in its only column.</summary>
    internal IReadOnlyList<string> Texts(string sql, params IReadOnlyList<(string Name, object Value)> parameters) => Column(sql, parameters, r => r.GetString(0));

    /// <summary>The certificates up to the key of the newest checkpoint, as notes.</summary>
    public IReadOnlyList<string> Certificates()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"Certificate\" FROM \"TrailKeys\" WHERE \"Epoch\" <= $epoch ORDER BY \"Epoch\"";
        command.Parameters.AddWithValue("$epoch", Checkpoint.Epoch);
        var all = new List<string>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            all.Add(Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(0)));
        return all;
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private TrailLine Entry(long seq, bool withNote)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT t.\"Payload\", n.\"Salt\", n.\"Text\" FROM \"Trail\" t LEFT JOIN \"TrailNotes\" n ON n.\"Seq\" = t.\"Seq\" WHERE t.\"Seq\" = $seq";
        command.Parameters.AddWithValue("$seq", seq);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            throw new NotATrailException(string.Create(CultureInfo.InvariantCulture, $"Entry {seq} is not there: it was purged, or never was."));
        var payload = reader.GetFieldValue<byte[]>(0);
        var hasNote = withNote && !reader.IsDBNull(1);
        var (salt, text) = hasNote ? (reader.GetFieldValue<byte[]>(1), Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(2))) : (null, null);
        return new TrailLine(seq, Encoding.UTF8.GetString(payload), salt, text, TreeProofs.Inclusion(tree, seq - 1, Checkpoint.Size));
    }

    private List<T> Column<T>(string sql, IReadOnlyList<(string Name, object Value)> parameters, Func<SqliteDataReader, T> read) => Guarded(() =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        var found = new List<T>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            found.Add(read(reader));
        return found;
    });

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is SqliteException or InvalidOperationException or InvalidCastException)
        {
            throw Broken();
        }
    }

    private NotATrailException Broken() => new($"The trail in {file} does not hold: run verify to see why.");

    private object? Scalar(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private void Do(string sql) => Scalar(sql);
}
