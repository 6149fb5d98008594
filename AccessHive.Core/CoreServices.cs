using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Connectors;
using AccessHive.Core.Deadlines;
using AccessHive.Core.Jobs;
using AccessHive.Core.Jobs.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Notices.UseCases;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AccessHive.Core;

/// <summary>The product without a browser, as services.</summary>
public static class CoreServices
{
    /// <summary>
    /// Adds everything but the hosted services and <c>IPresence</c>, which the host chooses.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="paths">Where things are kept.</param>
    /// <param name="key">The key-encryption key.</param>
    public static IServiceCollection AddAccessHive(this IServiceCollection services, HousePaths paths, IKeyWrapper key)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IPasswordHasher<SignInAccount>, PasswordHasher<SignInAccount>>();
        services.AddSingleton(paths).AddSingleton(key);
        services.AddSignInProtection();
        services.AddDbContextFactory<HiveContext>(options => options.UseHive(paths.Database));
        services.AddSingleton<HiveClock>().AddSingleton<CommitBell>().AddSingleton<Work>();
        services.AddSingleton<Keyring>().AddSingleton<HouseSeal>();
        services.AddSingleton<CaseEvidence>().AddSingleton<CheckpointKeeper>().AddSingleton<IndexKeeper>().AddSingleton<AnchorKeeper>();
        services.AddSingleton<LiveFeed>().AddSingleton<TrailPump>().AddSingleton<DeadlineLoop>();
        services.AddSingleton<IDeadlineSource, RequestDeadlines>().AddSingleton<IDeadlineSource, SessionDeadlines>().AddSingleton<IDeadlineSource, RotationDeadlines>().AddSingleton<IDeadlineSource, NoticeDebts>().AddSingleton<IDeadlineSource, CaseDeadlines>().AddSingleton<IDeadlineSource, WeekDeadlines>();
        services.AddSingleton<JobMetrics>().AddSingleton<JobRunner>().AddSingleton<IJobHandler, RunRotation>();
        services.AddSingleton<IJobHandler, DeliverMail>();
        services.TryAddSingleton<MailTrust>();
        return services.AddConnectors().AddUseCases();
    }

    private static IServiceCollection AddUseCases(this IServiceCollection services) => services
        .AddSingleton<ManagePeople>().AddSingleton<Joining>().AddSingleton<SignIns>().AddSingleton<Whoami>().AddSingleton<EditAgency>()
        .AddSingleton<EditEmergencyPolicy>()
        .AddSingleton<EditApprovalPolicy>().AddSingleton<KeepApprovers>().AddSingleton<PreviewApproval>().AddSingleton<PolicyChoices>().AddSingleton<WhoApproves>()
        .AddSingleton<KeepIdentities>().AddSingleton<IdentityQueries>()
        .AddSingleton<KeepRotations>().AddSingleton<PlanRotation>().AddSingleton<RotationQueries>().AddSingleton<TakeReport>().AddSingleton<ExposureQueries>()
        .AddSingleton<ImportUploads>().AddSingleton<ImportIdentities>().AddSingleton<ExportIdentities>()
        .AddSingleton<RaiseRequestHandler>().AddSingleton<CheckOutHandler>().AddSingleton<DecideRequestHandler>().AddSingleton<RequestQueries>().AddSingleton<EmergencyOffers>().AddSingleton<CheckoutOffers>().AddSingleton<ExplainAccess>()
        .AddSingleton<RevealCredentialHandler>().AddSingleton<EndSessionHandler>().AddSingleton<ExtendSessionHandler>().AddSingleton<SessionQueries>().AddSingleton<Dashboard>()
        .AddSingleton<ReviewCases>().AddSingleton<CaseQueries>().AddSingleton<ExportCase>()
        .AddSingleton<MailPost>().AddSingleton<KeepNoticeSettings>().AddSingleton<ChooseNotices>().AddSingleton<NoticeQueries>()
        .AddSingleton<WeekQueries>().AddSingleton<AttestWeekHandler>().AddSingleton<LiftReviewBlock>().AddSingleton<SignalQueries>().AddSingleton<PatternQueries>()
        .AddSingleton<ReadTrail>().AddSingleton<TrailProof>().AddSingleton<FindSubjects>()
        .AddSingleton<PurgeTrail>().AddSingleton<EraseFacts>()
        .AddSingleton<ExportTrail>().AddSingleton<KeepFilters>().AddSingleton<KeepSyslog>().AddSingleton<RunningExports>().AddSingleton<TrailSink>();
}
