using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Notices;
using AccessHive.Core.Notices.UseCases;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AccessHive.Tests.World;

/// <summary>
/// The files of a furnished agency whose process has ended, for commands that run in processes of their own: keys change
/// there, and this process has one key only.
/// </summary>
public sealed class KeptHouse : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly TestAgency agency;

    private KeptHouse(TestAgency agency, SessionId adams)
    {
        this.agency = agency;
        Adams = adams;
        PassphraseFile = Write("passphrase", Passphrase + "\n");
        OtherFile = Write("other", "another horse battery\n");
    }

    public const string Passphrase = "correct horse battery";

    /// <summary>What the house keeps for its mail server.</summary>
    public const string MailPassword = "of the mail server";

    public HousePaths Paths => agency.Paths;

    public string Data => agency.Paths.DataFolder;

    /// <summary>A file with <see cref="Passphrase"/>.</summary>
    public string PassphraseFile { get; }

    /// <summary>A file with another one.</summary>
    public string OtherFile { get; }

    /// <summary>Adam's session, which is running.</summary>
    public SessionId Adams { get; }

    /// <summary>The agency in real time, with Adam's session running and this many credentials more than its one.</summary>
    public static async Task<KeptHouse> LeaveAsync(int credentials = 0)
    {
        var left = await TestAgency.FoundNowAsync();
        var session = await left.GrantAsync(left.Adam);
        var keep = left.Get<KeepNoticeSettings>();
        (await keep.SaveAsync(left.Adam, new MailServer(On: false, "127.0.0.1", 25, MailSecurity.None, "hive", "", ""), 0)).Require();
        (await keep.EnterPasswordAsync(left.Adam, Encoding.UTF8.GetBytes(MailPassword))).Require();
        if (credentials > 0)
            await FillAsync(left, credentials);
        await left.LeaveAsync();
        return new KeptHouse(left, session);
    }

    /// <summary>A path beside the house.</summary>
    public string In(string name) => folder.In(name);

    public string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    /// <summary>Runs a command on this house to its end.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] args) => HouseProcess.RunAsync([.. args, "--data", Data]);

    /// <summary>Runs a command on this house and expects one sentence and exit code 1.</summary>
    public async Task RefusesAsync(string words, params string[] args)
    {
        var said = await RunAsync(args);
        Assert.Equal((1, ""), (said.ExitCode, said.Output));
        Assert.Contains(words, said.Errors, StringComparison.Ordinal);
        Assert.Matches("^[^\n]+\\.$", said.Errors);
    }

    /// <summary>Runs a command on this house and expects that it is carried out.</summary>
    public async Task<string> DoesAsync(params string[] args)
    {
        var said = await RunAsync(args);
        Assert.True(said is { ExitCode: 0, Errors: "" }, $"{said.ExitCode}: {said.Errors}{said.Output}");
        return said.Output;
    }

    /// <summary>What the database answers; nothing in it is changed.</summary>
    public async Task<T> AskAsync<T>(string sql, string? database = null)
    {
        await using var connection = new SqliteConnection($"Data Source={database ?? Paths.Database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Says something to the database behind the product's back.</summary>
    public Task SqlAsync(string sql) => AskAsync<object?>(sql);

    /// <summary>The kinds of entries in the trail that begin so, oldest first.</summary>
    public Task<string> TrailAsync(string startingWith)
        => AskAsync<string>($"SELECT coalesce(group_concat(Type, ' '), '') FROM (SELECT Type FROM Trail WHERE Type LIKE '{startingWith}%' ORDER BY Seq)");

    /// <summary>The key that the key file holds now.</summary>
    public FileKeyWrapper Key() => KeyFile.Parse(File.ReadAllText(Paths.KeyFile).Trim())!.Open(Encoding.UTF8.GetBytes(Passphrase));

    /// <summary>How many secrets this key opens to what they were sealed with, and how many there are.</summary>
    public async Task<(int Open, int All)> OpenedAsync(FileKeyWrapper key)
    {
        await using var db = await ReadAsync();
        var keyring = new Keyring(key);
        var secrets = await db.Secrets.AsNoTracking().ToListAsync();
        return (secrets.Count(s => Opens(keyring, s)), secrets.Count);
    }

    public Task<HiveContext> ReadAsync()
        => Task.FromResult(new HiveContext(new DbContextOptionsBuilder<HiveContext>().UseSqlite($"Data Source={Paths.Database};Pooling=False").Options));

    /// <summary>Every file of the house and beside it with a hash of its bytes; SQLite's work files belong to nobody.</summary>
    public IReadOnlyDictionary<string, string> Fingerprint() => new[] { Paths.KeyFile, Paths.Database }
        .Concat(Directory.GetFiles(Path.GetDirectoryName(Data)!)).Concat(Directory.GetFiles(Data)).Concat(folder.Fingerprint().Keys.Select(In)).Distinct(StringComparer.Ordinal)
        .Where(f => !f.EndsWith("-shm", StringComparison.Ordinal) && !f.EndsWith(".lock", StringComparison.Ordinal) && !(f.EndsWith("-wal", StringComparison.Ordinal) && new FileInfo(f).Length == 0))
        .ToDictionary(f => f, f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))), StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await agency.DisposeAsync();
        folder.Dispose();
    }

    private static bool Opens(Keyring keyring, SealedSecret secret)
    {
        try
        {
            return Encoding.UTF8.GetString(keyring.Open(secret)) == Cast.Secret;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }

    private static async Task FillAsync(TestAgency agency, int credentials)
    {
        const int batch = 10_000;
        var keyring = agency.Get<Keyring>();
        for (var done = 0; done < credentials; done += batch)
        {
            await using var db = await agency.ReadAsync();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var columns = await db.Database.SqlQuery<string>($"SELECT group_concat(name) AS \"Value\" FROM pragma_table_info('Credentials') WHERE name <> 'Id'").SingleAsync();
            var copy = $"INSERT INTO Credentials (Id, {columns}) SELECT {{0}}, {columns} FROM Credentials WHERE Id = {{1}}";
            foreach (var id in Enumerable.Range(0, Math.Min(batch, credentials - done)).Select(_ => CredentialId.New()))
            {
                await db.Database.ExecuteSqlRawAsync(copy, id.Value, agency.AdsPassword.Value);
                db.Secrets.Add(keyring.Seal(agency.Ads, id, FieldKind.Secret, 1, Encoding.UTF8.GetBytes(Cast.Secret), agency.Ian, agency.Now));
            }

            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
    }
}
