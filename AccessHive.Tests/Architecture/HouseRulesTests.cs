using System.Reflection;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using AccessHive.Core.Vault;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Xunit;
using Assembly = System.Reflection.Assembly;
using Type = System.Type;

namespace AccessHive.Tests.Architecture;

/// <summary>Who may use whom, in one table (architecture.md, "Rooms").</summary>
public sealed class HouseRulesTests
{
    private const string Core = "AccessHive.Core.";
    private const string Features = "AccessHive.Web.Features.";

    /// <summary>What each room's own types may use. Use cases and Storage are the two floors below and above; their rules follow.</summary>
    private static readonly Dictionary<string, string[]> Rooms = new(StringComparer.Ordinal)
    {
        ["Kernel"] = [],
        ["Agency"] = ["Kernel"],
        ["Vault"] = ["Kernel"],
        ["Policies"] = ["Kernel", "Vault"],
        ["Requests"] = ["Kernel", "Policies", "Vault"],
        ["Sessions"] = ["Kernel", "Policies", "Requests", "Vault"],
        ["Cases"] = ["Kernel", "Agency", "Vault", "Policies", "Requests", "Sessions"],
        ["Audit"] = ["Kernel"],
        ["Jobs"] = ["Kernel"],
        ["Notices"] = ["Kernel"],
        ["Storage"] = ["Kernel", "Agency", "Vault", "Policies", "Requests", "Sessions", "Cases", "Audit", "Jobs", "Notices"],
        ["Connectors"] = ["Kernel", "Vault"],
        ["Live"] = ["Kernel", "Audit", "Storage"],
        ["Deadlines"] = ["Kernel", "Audit", "Storage"],
    };

    /// <summary>What features may read besides their own room's use cases: what everybody shares, and the page that composes.</summary>
    private static readonly Dictionary<string, string[]> AlsoReads = new(StringComparer.Ordinal)
    {
        ["Shared"] = ["Agency", "Audit", "Cases"],
        ["Home"] = ["Agency", "Requests", "Sessions", "Cases", "Audit", "Vault"],
        // Whoever leaves has seen something, and the dialog that lets them go says so.
        ["Agency"] = ["Vault", "Cases"],
        // A case is handed over together with the proof of its entries.
        ["Cases"] = ["Audit"],
    };

    /// <summary>The rooms that keep the rules of the product and know nothing else.</summary>
    private static readonly string[] Domain = ["Kernel", "Agency", "Vault", "Policies", "Requests", "Sessions", "Cases", "Audit", "Jobs", "Notices"];

    private static readonly string[] NotForTheDomain =
    [
        "Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore", "Microsoft.Extensions", "Microsoft.Data", "System.Threading.Tasks", "System.IO", "System.Net", "System.Diagnostics.Process",
    ];

    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader()
        .LoadAssemblies(typeof(HiveContext).Assembly, Assembly.Load("AccessHive.Web"), typeof(HouseRulesTests).Assembly)
        .Build();

    [Fact]
    public void The_house_was_really_read()
    {
        Assert.Equal(Rooms.Keys.Order(StringComparer.Ordinal), TypesIn(Core).Select(t => Room(t, Core)).Where(r => r.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.True(TypesIn(Core).Count() > 120);
        Assert.Contains(Uses(Core + "Requests.UseCases.RaiseRequestHandler"), u => u.FullName == Core + "Storage.Overdue");
        Assert.Contains(Uses(Core + "Deadlines.DeadlineLoop"), u => u.FullName == Core + "Audit.ClockJumped");
    }

    [Fact]
    public void Each_room_uses_only_the_rooms_it_may() => Nobody(RoomOffences(Core));

    [Fact]
    public void A_domain_type_knows_no_database_no_web_no_waiting_no_log_and_no_files() => Nobody(PurityOffences(Core));

    [Fact]
    public void A_use_case_uses_no_other_rooms_use_cases() => Nobody(UseCaseOffences(Core));

    [Fact]
    public void A_feature_uses_its_own_room_and_what_is_shared_and_never_the_database() => Nobody(FeatureOffences(Features));

    [Fact]
    public void Only_the_vaults_use_cases_and_the_reveal_hold_the_keyring()
    {
        string[] may = [Core + "Vault.UseCases.", Core + "Sessions.UseCases.RevealCredentialHandler", Core + "CoreServices", Core + "Vault.Keyring", Core + "Vault.Rewrap"];

        var holders = House.Types.Where(t => !t.FullName.StartsWith("AccessHive.Tests.", StringComparison.Ordinal))
            .Where(t => t.Dependencies.Any(d => d.Target.FullName == typeof(Keyring).FullName))
            .Select(t => t.FullName).Distinct(StringComparer.Ordinal).ToList();

        Assert.Contains(Core + "Sessions.UseCases.RevealCredentialHandler", holders);
        Assert.DoesNotContain(holders, h => !may.Any(m => h.StartsWith(m, StringComparison.Ordinal)));
    }

    [Fact]
    public void Whatever_the_house_seals_for_itself_is_sealed_again_by_rekey()
    {
        // Whoever is new here: teach Storage.Rewrapping to seal it with another key, show it in RekeyTests, then add it.
        string[] known = [Core + "Storage.OpenHouse", Core + "Storage.SignInProtection", "AccessHive.Web.Security.SealedKeyRing", Core + "Storage.Rewrapping", Core + "Storage.DayKeys", Core + "Notices.UseCases.KeepNoticeSettings"];

        var sealers = House.Types.Where(t => !t.FullName.StartsWith("AccessHive.Tests.", StringComparison.Ordinal))
            .Where(t => t.Dependencies.OfType<ArchUnitNET.Domain.Dependencies.MethodCallDependency>().Any(d => d.Target.FullName == typeof(HouseSeal).FullName && d.TargetMember.Name.StartsWith("Seal(", StringComparison.Ordinal)))
            .Select(t => t.FullName.Split('+')[0]).Distinct(StringComparer.Ordinal);

        Assert.Equal(known.Order(StringComparer.Ordinal), sealers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_planted_offender_is_caught_by_every_rule()
    {
        const string planted = "AccessHive.Tests.Architecture.Planted.Core.";
        Assert.Contains(RoomOffences(planted), o => o.Contains("Policies", StringComparison.Ordinal) && o.Contains("Sessions", StringComparison.Ordinal));
        Assert.Contains(RoomOffences(planted), o => o.Contains("Policies", StringComparison.Ordinal) && o.Contains("HiveContext", StringComparison.Ordinal));
        foreach (var impure in new[] { "Task", "EntityFrameworkCore", "ILogger", "System.IO.File" })
            Assert.Contains(PurityOffences(planted), o => o.Contains(impure, StringComparison.Ordinal));
        Assert.Contains(UseCaseOffences(planted), o => o.Contains("RaiseRequestHandler", StringComparison.Ordinal));
        const string features = "AccessHive.Tests.Architecture.Planted.Features.";
        foreach (var caught in new[] { "HiveContext", "RevealCredentialHandler", "Features.Vault" })
            Assert.Contains(FeatureOffences(features), o => o.Contains(caught, StringComparison.Ordinal));
        Assert.DoesNotContain(FeatureOffences(features), o => o.Contains("EditEmergencyPolicy", StringComparison.Ordinal) || o.Contains("Features.Shared", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_survives_a_circuit_in_the_browsers_hands()
    {
        var kept = new[] { typeof(HiveContext).Assembly, Assembly.Load("AccessHive.Web") }.SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(m => m.GetCustomAttributesData().Any(a => a.AttributeType.Name is "PersistentStateAttribute" or "SupplyParameterFromPersistentComponentStateAttribute"))
            .Select(m => $"{m.DeclaringType}.{m.Name}");

        Assert.Empty(kept);
    }

    [Fact]
    public void No_secret_can_be_reached_from_the_state_of_a_page()
    {
        var states = Assembly.Load("AccessHive.Web").GetTypes().Where(t => t.GetCustomAttributesData().Any(a => a.AttributeType.Name == "FeatureStateAttribute"));

        Assert.Empty(states.SelectMany(s => SecretsIn(s)));
        Assert.Equal(["Planted.State.Inner.Deep.Bytes"], SecretsIn(typeof(Planted.State)));
    }

    private static void Nobody(IEnumerable<string> offences)
    {
        if (offences.ToList() is { Count: > 0 } all)
            Assert.Fail(string.Join('\n', all));
    }

    private static IEnumerable<IType> TypesIn(string root)
        => House.Types.Where(t => t.FullName.StartsWith(root, StringComparison.Ordinal));

    private static IEnumerable<IType> Uses(string type)
        => House.Types.Where(t => t.FullName == type || t.FullName.StartsWith(type + "+", StringComparison.Ordinal)).SelectMany(t => t.Dependencies).Select(d => d.Target);

    // Compiler-made types and generic arguments count for what is written where they stand.
    private static string[] Path(string fullName, string root)
        => fullName.StartsWith(root, StringComparison.Ordinal) ? fullName[root.Length..].Split('.') : [];

    private static string Room(IType type, string root) => Path(type.FullName, root) is [var room, _, ..] ? room : "";

    private static bool IsUseCase(IType type, string root) => Path(type.FullName, root) is [_, "UseCases", ..];

    private static IEnumerable<(IType From, IType To)> Edges(string root)
        => TypesIn(root).SelectMany(t => t.Dependencies.Select(d => (t, d.Target))).Distinct();

    private static IEnumerable<string> RoomOffences(string root)
        => from e in Edges(root)
           let room = Room(e.From, root)
           let used = Room(e.To, Core)
           where room.Length > 0 && !IsUseCase(e.From, root) && !IsMigration(e.From) && used.Length > 0 && used != room
           where IsUseCase(e.To, Core) || !Rooms[room].Contains(used)
           select $"{e.From.FullName} uses {e.To.FullName}";

    private static IEnumerable<string> PurityOffences(string root)
        => from e in Edges(root)
           let room = Room(e.From, root)
           where Domain.Contains(room) && !IsUseCase(e.From, root) && NotForTheDomain.Any(n => e.To.FullName.StartsWith(n, StringComparison.Ordinal))
           where !IsExcused(e.From, e.To)
           select $"{e.From.FullName} uses {e.To.FullName}";

    // The bell and a job's handler are something to wait for, and an entry is written into memory.
    private static bool IsExcused(IType from, IType to)
        => (from.FullName.StartsWith(typeof(CommitBell).FullName!, StringComparison.Ordinal) && to.FullName.StartsWith("System.Threading.Tasks", StringComparison.Ordinal))
            || (from.FullName == typeof(AccessHive.Core.Jobs.IJobHandler).FullName && to.FullName.StartsWith("System.Threading.Tasks", StringComparison.Ordinal))
            || to.FullName is "System.IO.MemoryStream" or "System.IO.Stream";

    private static bool IsMigration(IType type) => type.FullName.StartsWith(Core + "Storage.Migrations.", StringComparison.Ordinal);

    private static IEnumerable<string> UseCaseOffences(string root)
        => from e in Edges(root)
           where IsUseCase(e.From, root) && IsUseCase(e.To, Core) && Room(e.From, root) != Room(e.To, Core)
           select $"{e.From.FullName} uses {e.To.FullName}";

    private static IEnumerable<string> FeatureOffences(string root)
        => from e in Edges(root)
           let feature = Room(e.From, root)
           where feature.Length > 0
           where Room(e.To, Core) == "Storage"
               || (IsUseCase(e.To, Core) && Room(e.To, Core) != feature && !AlsoReads.GetValueOrDefault(feature, []).Contains(Room(e.To, Core)))
               || (Room(e.To, root) is { Length: > 0 } other && other != feature && other != "Shared")
           select $"{e.From.FullName} uses {e.To.FullName}";

    private static List<string> SecretsIn(Type state)
    {
        Type[] secrets = [typeof(byte[]), typeof(ReadOnlyMemory<byte>), typeof(Memory<byte>), typeof(SealedSecret), typeof(AccessHive.Core.Sessions.UseCases.RevealedSecret), typeof(Keyring), typeof(HouseSeal), typeof(FileKeyWrapper)];
        var (found, seen) = (new List<string>(), new HashSet<Type>());
        Walk(state, state.FullName!.Replace("AccessHive.Tests.Architecture.", "", StringComparison.Ordinal));
        return found;

        void Walk(Type type, string path)
        {
            if (secrets.Contains(type))
            {
                found.Add(path);
                return;
            }

            foreach (var part in type.GetGenericArguments().Append(type.GetElementType()).OfType<Type>())
                Walk(part, path);
            if (type.Namespace?.StartsWith("AccessHive.", StringComparison.Ordinal) != true || !seen.Add(type))
                return;
            foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(p => p.Name != "EqualityContract"))
                Walk(property.PropertyType, $"{path}.{property.Name}");
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(f => !f.Name.StartsWith('<')))
                Walk(field.FieldType, $"{path}.{field.Name}");
        }
    }
}
