using System.Security.Cryptography;
using System.Text;
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
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace AccessHive.Tests.World;

/// <summary>
/// The one cast of all tests, and what they do: Olivia owns the agency, Adam administers it, Priya approves, Ian keeps
/// the identities, Sofia answers for security, Aiko audits, Max works. Everything goes through the product's use cases.
/// </summary>
public abstract class Cast
{
    public const string Password = "correct horse battery";
    public const string Secret = "pa55-of-the-client";
    public const string GoodReason = "The client's ad account shows spend we did not book.";

    public abstract IServiceProvider Services { get; }

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

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

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

    public async Task<(IdentityId Identity, CredentialId Credential)> KeepAsync(IdentityDetails details, PersonId? by = null, string secret = Secret)
    {
        var identity = (await Get<KeepIdentities>().AddAsync(by ?? Ian, details)).Require();
        var credential = (await Get<KeepIdentities>().AddCredentialAsync(by ?? Ian, identity, new CredentialDetails("Password", "", ""), Encoding.UTF8.GetBytes(secret))).Require();
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

    /// <summary>Reveals something else than the main secret.</summary>
    public async Task<Result<string>> RevealAsync(PersonId who, SessionId session, FieldKind field)
    {
        var revealed = await Get<RevealCredentialHandler>().HandleAsync(who, new RevealCredential(session, RevealMode.Shown, field));
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

    public async Task<Result<Done>> SaveApprovalsAsync(PersonId by, Func<ApprovalRules, ApprovalRules> change, bool shortfallAccepted = false)
    {
        var card = await Get<EditApprovalPolicy>().ReadAsync();
        return await Get<EditApprovalPolicy>().SaveAsync(by, change(card.Rules), card.Revision, shortfallAccepted);
    }

    /// <summary>Says who approves; with nobody named, nobody does.</summary>
    public Task<Result<Done>> ListAsync(ApproverScope scope, string key, params PersonId[] people) => ListAsync(scope, key, new Approvers(Everybody: false, people.ToHashSet()));

    public async Task<Result<Done>> ListAsync(ApproverScope scope, string key, Approvers approvers, PersonId? by = null)
    {
        var lists = await Get<KeepApprovers>().ReadAsync();
        var version = lists.FirstOrDefault(l => l.Scope == scope && ListedApprovers.Same(l.Key, key))?.Version ?? 0;
        return await Get<KeepApprovers>().SaveAsync(by ?? Adam, new SaveApprovers(scope, key, approvers, version, ShortfallAccepted: true));
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

    protected Task OpenAsync()
        => OpenHouse.PrepareAsync(Get<IDbContextFactory<HiveContext>>(), Get<HouseSeal>(), Get<IKeyWrapper>(), Get<HiveClock>());

    /// <summary>No pooled connection holds the files any more.</summary>
    protected static void LetGoOf(string? connection)
    {
        using var pooled = new SqliteConnection(connection);
        SqliteConnection.ClearPool(pooled);
    }

    /// <summary>How the database is opened, to let go of it later.</summary>
    protected async Task<string?> ConnectionAsync()
    {
        await using var db = await ReadAsync();
        return db.Database.GetConnectionString();
    }

    /// <summary>
    /// All agencies of this process have one key: EF's model belongs to the process, and seals Identity's data with the
    /// first key it has seen.
    /// </summary>
    public static FileKeyWrapper BringKey(HousePaths paths)
    {
        if (!File.Exists(paths.KeyFile))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(paths.KeyFile)!);
            File.WriteAllText(paths.KeyFile, Founded.Key);
        }

        return OpenHouse.TakeKey(paths);
    }

    /// <summary>Moves into the files of an agency that was founded before.</summary>
    protected void MoveInto(Founded copied, HousePaths paths)
    {
        Directory.CreateDirectory(paths.DataFolder);
        File.WriteAllBytes(paths.Database, copied.Database);
        (Olivia, Adam, Priya, Ian, Sofia, Aiko, Max) = copied.People;
        (Ads, AdsPassword) = copied.Kept;
    }

    /// <summary>The files this cast leaves, once nothing holds them any more.</summary>
    protected async Task<Founded> LeaveBehindAsync(HousePaths paths) => new(
        await File.ReadAllBytesAsync(paths.Database), (Olivia, Adam, Priya, Ian, Sofia, Aiko, Max), (Ads, AdsPassword));

    /// <summary>Founds the agency and lets everybody join.</summary>
    protected async Task FurnishAsync()
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
}

/// <summary>An agency as files. Founding takes a second, copying does not: one founded agency serves every test of this process.</summary>
public sealed record Founded(
    byte[] Database,
    (PersonId Olivia, PersonId Adam, PersonId Priya, PersonId Ian, PersonId Sofia, PersonId Aiko, PersonId Max) People,
    (IdentityId Identity, CredentialId Credential) Kept)
{
    /// <summary>What every key file of this process says.</summary>
    public static string Key { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(FileKeyWrapper.KeyLength));

    private static readonly Lazy<Task<Founded>> model = new(() => TestAgency.FoundModelAsync(null));
    private static readonly Lazy<Task<Founded>> recent = new(() => TestAgency.FoundModelAsync(Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()) - Duration.FromHours(1)));

    /// <summary>Founded when fake time begins.</summary>
    public static Task<Founded> InFakeTimeAsync() => model.Value;

    /// <summary>Founded an hour ago by the machine's clock.</summary>
    public static Task<Founded> InRealTimeAsync() => recent.Value;
}
