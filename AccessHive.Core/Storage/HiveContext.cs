using AccessHive.Core.Agency;
using AccessHive.Core.Audit;
using AccessHive.Core.Cases;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Jobs;
using AccessHive.Core.Kernel;
using AccessHive.Core.Notices;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Core.Vault;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>The database. One context per operation; writing goes through <see cref="Work"/>.</summary>
public sealed class HiveContext(DbContextOptions<HiveContext> options)
    : IdentityUserContext<SignInAccount, Guid>(options), IDataProtectionKeyContext
{
    private readonly List<DomainEvent> loose = [];

    /// <summary>Everybody of the agency.</summary>
    public DbSet<Person> People => Set<Person>();

    /// <summary>One-time links.</summary>
    public DbSet<Invitation> Invitations => Set<Invitation>();

    /// <summary>The agency itself, one row.</summary>
    public DbSet<AgencySettings> Agency => Set<AgencySettings>();

    /// <summary>Which day's reminder of a weekly review went out.</summary>
    public DbSet<WeekReminder> WeekReminders => Set<WeekReminder>();

    /// <summary>Weeks that somebody answers for.</summary>
    public DbSet<WeekAttestation> WeekAttestations => Set<WeekAttestation>();

    /// <summary>When an Owner let emergencies through although reviews were overdue.</summary>
    public DbSet<ReviewBlockLift> ReviewBlockLifts => Set<ReviewBlockLift>();

    /// <summary>The settings card, one row.</summary>
    public DbSet<EmergencyPolicy> EmergencyPolicies => Set<EmergencyPolicy>();

    /// <summary>The card of the standard path, one row.</summary>
    public DbSet<ApprovalPolicy> ApprovalPolicies => Set<ApprovalPolicy>();

    /// <summary>Who approves what on the standard path.</summary>
    public DbSet<ApproverList> ApproverLists => Set<ApproverList>();

    /// <summary>Shared identities.</summary>
    public DbSet<SharedIdentity> Identities => Set<SharedIdentity>();

    /// <summary>Their credentials.</summary>
    public DbSet<Credential> Credentials => Set<Credential>();

    /// <summary>The sealed versions of their secrets.</summary>
    public DbSet<SealedSecret> Secrets => Set<SealedSecret>();

    /// <summary>What lies beside their main secrets.</summary>
    public DbSet<CredentialField> CredentialFields => Set<CredentialField>();

    /// <summary>Who has seen which version of a main secret.</summary>
    public DbSet<Exposure> Exposures => Set<Exposure>();

    /// <summary>Changes of main secrets, open and over.</summary>
    public DbSet<Rotation> Rotations => Set<Rotation>();

    /// <summary>Work in the background.</summary>
    public DbSet<Job> Jobs => Set<Job>();

    /// <summary>Requests for access.</summary>
    public DbSet<AccessRequest> Requests => Set<AccessRequest>();

    /// <summary>Who was asked to decide them.</summary>
    public DbSet<Ask> Asks => Set<Ask>();

    /// <summary>Who said yes to them.</summary>
    public DbSet<Approval> Approvals => Set<Approval>();

    /// <summary>Sessions.</summary>
    public DbSet<AccessSession> Sessions => Set<AccessSession>();

    /// <summary>Emergencies as they are looked back at.</summary>
    public DbSet<EmergencyCase> Cases => Set<EmergencyCase>();

    /// <summary>Which request belongs to which case.</summary>
    public DbSet<CaseMember> CaseRequests => Set<CaseMember>();

    /// <summary>The verdicts.</summary>
    public DbSet<CaseReview> CaseReviews => Set<CaseReview>();

    /// <summary>What is to be done because of cases.</summary>
    public DbSet<CaseFollowUp> CaseFollowUps => Set<CaseFollowUp>();

    /// <summary>The trail.</summary>
    public DbSet<TrailEntry> Trail => Set<TrailEntry>();

    /// <summary>Personal facts beside the trail.</summary>
    public DbSet<TrailNote> TrailNotes => Set<TrailNote>();

    /// <summary>Who is told what: the outbox and its receipts.</summary>
    public DbSet<Notice> Notices => Set<Notice>();

    /// <summary>Entries of which nobody could be told yet.</summary>
    public DbSet<NoticeDebt> NoticeDebts => Set<NoticeDebt>();

    /// <summary>The Notices card, one row once it was saved.</summary>
    public DbSet<NoticeSettings> NoticeSettings => Set<NoticeSettings>();

    /// <summary>How people want to be told.</summary>
    public DbSet<NoticeChoice> NoticeChoices => Set<NoticeChoice>();

    /// <summary>The tree over the trail, one row.</summary>
    public DbSet<TrailTree> TrailTree => Set<TrailTree>();

    /// <summary>Its completed subtrees.</summary>
    public DbSet<TrailNode> TrailNodes => Set<TrailNode>();

    /// <summary>Its signed checkpoints.</summary>
    public DbSet<TrailCheckpoint> TrailCheckpoints => Set<TrailCheckpoint>();

    /// <summary>The keys that signed them.</summary>
    public DbSet<TrailKey> TrailKeys => Set<TrailKey>();

    /// <summary>Purges of the oldest entries, asked for and done.</summary>
    public DbSet<TrailPurge> TrailPurges => Set<TrailPurge>();

    /// <summary>Filters of the trail that people keep.</summary>
    public DbSet<SavedFilter> SavedFilters => Set<SavedFilter>();

    /// <summary>The settings of the live sink, at most one row.</summary>
    public DbSet<SyslogSink> SyslogSinks => Set<SyslogSink>();

    /// <summary>How far the live sink has come, at most one row.</summary>
    public DbSet<SyslogProgress> SyslogProgress => Set<SyslogProgress>();

    /// <summary>What the product keeps sealed for itself.</summary>
    public DbSet<HouseKey> HouseKeys => Set<HouseKey>();

    /// <inheritdoc/>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>The entries of this save that somebody is to be told of.</summary>
    internal IReadOnlyList<TrailEntry> ToTell { get; set; } = [];

    /// <summary>Size and root of the trail after the entries of this save; null while nothing was appended.</summary>
    public TreeHead? Head { get; internal set; }

    /// <summary>Notes an event that belongs to no aggregate, for example a refused attempt.</summary>
    public void Note(DomainEvent happened) => loose.Add(happened);

    /// <summary>All events not yet in the trail, in the order they happened.</summary>
    internal IReadOnlyList<DomainEvent> TakeEvents()
    {
        var taken = ChangeTracker.Entries<Aggregate>().SelectMany(e => e.Entity.TakeEvents()).Concat(loose).OrderBy(e => e.Order).ToArray();
        loose.Clear();
        return taken;
    }

    /// <summary>Drops everything that was changed or noted and not yet saved.</summary>
    internal void Forget()
    {
        ChangeTracker.Clear();
        loose.Clear();
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Instant>().HaveConversion<InstantConverter>();
        configurationBuilder.Properties<Duration>().HaveConversion<DurationConverter>();
        configurationBuilder.Properties<PersonId>().HaveConversion<IdConverter<PersonId>>();
        configurationBuilder.Properties<InvitationId>().HaveConversion<IdConverter<InvitationId>>();
        configurationBuilder.Properties<IdentityId>().HaveConversion<IdConverter<IdentityId>>();
        configurationBuilder.Properties<CredentialId>().HaveConversion<IdConverter<CredentialId>>();
        configurationBuilder.Properties<RequestId>().HaveConversion<IdConverter<RequestId>>();
        configurationBuilder.Properties<SessionId>().HaveConversion<IdConverter<SessionId>>();
        configurationBuilder.Properties<RequestKind>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<RequestState>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<ReasonCategory>().HaveConversion<string>().HaveMaxLength(30);
        configurationBuilder.Properties<EndReason>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<IdentityType>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<ApprovalMode>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<RiskLevel>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<CredentialType>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<FieldKind>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<ConnectorKind>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<RotateAfter>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<TargetEncryption>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<RotationCause>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<RotationState>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<CaseVerdict>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<JobState>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<NoticeWay>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<NoticeKind>().HaveConversion<string>().HaveMaxLength(30);
        configurationBuilder.Properties<NoticeState>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<MailSecurity>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<RotationId>().HaveConversion<IdConverter<RotationId>>();
        configurationBuilder.Properties<JobId>().HaveConversion<IdConverter<JobId>>();
        configurationBuilder.Properties<CaseId>().HaveConversion<IdConverter<CaseId>>();
        configurationBuilder.Properties<NoticeId>().HaveConversion<IdConverter<NoticeId>>();
        configurationBuilder.Properties<SavedFilterId>().HaveConversion<IdConverter<SavedFilterId>>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(HiveContext).Assembly);
        foreach (var entity in builder.Model.GetEntityTypes().Where(e => typeof(Aggregate).IsAssignableFrom(e.ClrType)))
        {
            builder.Entity(entity.ClrType).Ignore(nameof(Aggregate.Events));
            builder.Entity(entity.ClrType).Property(nameof(Aggregate.Version)).IsConcurrencyToken();
        }
    }
}

/// <summary>How a person signs in: password hash, passkeys, security stamp. Its id is the person's id.</summary>
public sealed class SignInAccount : IdentityUser<Guid>;

/// <summary>Something the product keeps for itself, sealed with <see cref="HouseSeal"/>.</summary>
public sealed class HouseKey
{
    /// <summary>The row that is opened at every start, to be sure that the key file belongs to this database.</summary>
    public const string Canary = "canary";

    /// <summary>The canary under the key before: there only while the house is being rekeyed.</summary>
    public const string Before = "canary-before";

    /// <summary>What it is, and the purpose it is sealed for (both canaries: the canary's).</summary>
    public string Name { get; init; } = "";

    /// <summary>The sealed bytes.</summary>
    public byte[] Sealed { get; init; } = [];

    /// <summary>Names the key it is sealed with.</summary>
    public string KeyId { get; init; } = "";
}
