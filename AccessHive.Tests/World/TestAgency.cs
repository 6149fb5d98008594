using System.Text;
using AccessHive.Core;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace AccessHive.Tests.World;

/// <summary>
/// The one cast of all tests, on a real SQLite file in a folder of its own, with fake time. Olivia owns the agency, Adam
/// administers it, Priya approves, Ian keeps the identities, Sofia answers for security, Aiko audits, Max works.
/// </summary>
public sealed class TestAgency : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    public const string Secret = "pa55-of-the-client";
    public const string GoodReason = "The client's ad account shows spend we did not book.";

    // Founding takes a second, copying does not: the files of one founded agency serve every test of this process.
    private static readonly Lazy<Task<Founded>> model = new(FoundModelAsync);

    private readonly string folder = Path.Combine(Path.GetTempPath(), "accesshive-tests", Guid.CreateVersion7().ToString("n"));

    // Not disposed with the agency: EF's model belongs to the process and keeps the first one for Identity's data.
    private readonly FileKeyWrapper key;
    private readonly Action<IServiceCollection>? also;

    private TestAgency(Founded? copied = null, Action<IServiceCollection>? also = null)
    {
        this.also = also;
        Paths = HousePaths.In(Path.Combine(folder, "data"));
        Directory.CreateDirectory(copied is null ? folder : Paths.DataFolder);
        if (copied is not null)
        {
            File.WriteAllBytes(Paths.Database, copied.Database);
            File.WriteAllBytes(Paths.KeyFile, copied.Key);
            (Olivia, Adam, Priya, Ian, Sofia, Aiko, Max) = copied.Cast;
            (Ads, AdsPassword) = copied.Kept;
        }

        key = OpenHouse.TakeKey(Paths);
        Services = Build();
    }

    public HousePaths Paths { get; }

    public FakeTime Time { get; } = new();

    public PresenceByHand Presence { get; } = new();

    public ServiceProvider Services { get; private set; }

    public PersonId Olivia { get; private set; }

    public PersonId Adam { get; private set; }

    public PersonId Priya { get; private set; }

    public PersonId Ian { get; private set; }

    public PersonId Sofia { get; private set; }

    public PersonId Aiko { get; private set; }

    public PersonId Max { get; private set; }

    public IdentityId Ads { get; private set; }

    public CredentialId AdsPassword { get; private set; }

    public Instant Now => Get<HiveClock>().Now;

    private string Connection { get; set; } = "";

    /// <summary>A founded agency with its cast, its settings as they come, and one credential in the vault.</summary>
    /// <param name="also">What a test adds to the services, for example a log that listens.</param>
    public static async Task<TestAgency> FoundAsync(Action<IServiceCollection>? also = null)
    {
        var agency = new TestAgency(await model.Value, also);
        await agency.OpenAsync();
        return agency;
    }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>The process ends and starts again, on the same files.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        Services = Build();
        await OpenAsync();
    }

    public async Task<HiveContext> ReadAsync() => await Get<IDbContextFactory<HiveContext>>().CreateDbContextAsync();

    public Task SettleAsync() => Get<DeadlineLoop>().SettleAsync(CancellationToken.None);

    public async Task<PersonId> InviteAsync(string name, Roles roles, PersonId? by = null)
    {
        var link = (await Get<ManagePeople>().InviteAsync(by ?? Olivia, new InvitePerson(name, $"{name.ToLowerInvariant()}@agency.example", roles))).Require();
        return (await Get<Joining>().AcceptAsync(link.Token, Password)).Require();
    }

    public async Task<(IdentityId Identity, CredentialId Credential)> KeepAsync(string name, string secret = Secret)
    {
        var identity = (await Get<KeepIdentities>().AddAsync(Ian, new IdentityDetails(name, IdentityType.ExternalShared, "Google Ads", "Bergmann Bikes", Ian, ""))).Require();
        var credential = (await Get<KeepIdentities>().AddCredentialAsync(Ian, identity, new CredentialDetails("Password", "ads@bergmann.example", ""), Encoding.UTF8.GetBytes(secret))).Require();
        return (identity, credential);
    }

    public Task<Result<Raised>> RaiseAsync(PersonId who, CredentialId? credential = null, string reason = GoodReason, int minutes = 30, SessionId? continues = null)
        => Get<RaiseRequestHandler>().HandleAsync(who, new RaiseRequest(
            credential ?? AdsPassword, new Justification(reason, ReasonCategory.CompromisedAccount, ""), Duration.FromMinutes(minutes), continues));

    public Task<Result<Decided>> DecideAsync(PersonId who, RequestId request, Verdict verdict = Verdict.Approve, string comment = "")
        => Get<DecideRequestHandler>().HandleAsync(who, new DecideRequest(request, verdict, comment));

    public async Task<SessionId> GrantAsync(PersonId holder, PersonId? approver = null, CredentialId? credential = null, int minutes = 30)
    {
        var raised = (await RaiseAsync(holder, credential, minutes: minutes)).Require();
        return raised.Session ?? (await DecideAsync(approver ?? Priya, raised.Request)).Require().Session!.Value;
    }

    public async Task<Result<string>> RevealAsync(PersonId who, SessionId session)
    {
        var revealed = await Get<RevealCredentialHandler>().HandleAsync(who, new RevealCredential(session, RevealMode.Shown));
        if (revealed.IsRefused)
            return revealed.Refusal;
        using var secret = revealed.Value;
        return Encoding.UTF8.GetString(secret.Bytes.Span);
    }

    public Task<Result<Done>> SaveRulesAsync(Func<EmergencyRules, EmergencyRules> change) => SaveRulesAsync(Adam, change);

    public async Task<Result<Done>> SaveRulesAsync(PersonId by, Func<EmergencyRules, EmergencyRules> change)
    {
        var card = await Get<EditEmergencyPolicy>().ReadAsync();
        return await Get<EditEmergencyPolicy>().SaveAsync(by, change(card.Rules), card.Revision);
    }

    /// <summary>Says something to the database itself, behind the product's back.</summary>
    public async Task<int> SqlAsync(string sql)
    {
        await using var db = await ReadAsync();
        return await db.Database.ExecuteSqlRawAsync(sql);
    }

    /// <summary>The kinds of entries in the trail, oldest first.</summary>
    public async Task<IReadOnlyList<string>> TrailAsync(string startingWith = "")
    {
        await using var db = await ReadAsync();
        return await db.Trail.Where(e => e.Type.StartsWith(startingWith)).OrderBy(e => e.Seq).Select(e => e.Type).ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Founded> FoundModelAsync()
    {
        await using var agency = new TestAgency();
        await agency.OpenAsync();
        await agency.FurnishAsync();
        await agency.CloseAsync();
        return new Founded(
            await File.ReadAllBytesAsync(agency.Paths.Database), await File.ReadAllBytesAsync(agency.Paths.KeyFile),
            (agency.Olivia, agency.Adam, agency.Priya, agency.Ian, agency.Sofia, agency.Aiko, agency.Max), (agency.Ads, agency.AdsPassword));
    }

    /// <summary>Ends the process: no service and no pooled connection holds the files any more.</summary>
    private async Task CloseAsync()
    {
        await Services.DisposeAsync();
        using var pooled = new SqliteConnection(Connection);
        SqliteConnection.ClearPool(pooled);
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(Time).AddSingleton<IPresence>(Presence);
        services.AddAccessHive(Paths, key);
        // The real work factor would cost a tenth of a second for each of a thousand people in these tests.
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = 1);
        also?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private async Task OpenAsync()
    {
        await using (var db = await ReadAsync())
            Connection = db.Database.GetConnectionString()!;
        await OpenHouse.PrepareAsync(Get<IDbContextFactory<HiveContext>>(), Get<HouseSeal>(), Get<IKeyWrapper>(), Get<HiveClock>());
    }

    private async Task FurnishAsync()
    {
        var token = (await Get<Joining>().IssueSetupLinkAsync()).Require();
        Olivia = (await Get<Joining>().FoundAsync(token, new FoundAgency("Test Agency", "Europe/Berlin", "Olivia", "olivia@agency.example", Password))).Require();
        Adam = await InviteAsync("Adam", Roles.Admin);
        Priya = await InviteAsync("Priya", Roles.Approver);
        Ian = await InviteAsync("Ian", Roles.IdentityManager);
        Sofia = await InviteAsync("Sofia", Roles.SecurityOwner);
        Aiko = await InviteAsync("Aiko", Roles.Auditor);
        Max = await InviteAsync("Max", Roles.Member);
        (Ads, AdsPassword) = await KeepAsync("Bergmann – Google Ads");
    }

    private sealed record Founded(
        byte[] Database,
        byte[] Key,
        (PersonId Olivia, PersonId Adam, PersonId Priya, PersonId Ian, PersonId Sofia, PersonId Aiko, PersonId Max) Cast,
        (IdentityId Identity, CredentialId Credential) Kept);
}

/// <summary>Who is here, said by the test.</summary>
public sealed class PresenceByHand : IPresence
{
    private readonly HashSet<PersonId> here = [];

    public void Enters(params IEnumerable<PersonId> people) => here.UnionWith(people);

    public void Leaves(PersonId person) => here.Remove(person);

    public IReadOnlySet<PersonId> Here() => here;
}
