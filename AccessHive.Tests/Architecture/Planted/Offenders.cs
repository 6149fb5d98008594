using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

// Everything here is forbidden, and the rules must say so: a rule that catches nothing is worse than none.
namespace AccessHive.Tests.Architecture.Planted
{
    public sealed record State(int Count, Inner Inner);

    public sealed record Inner(IReadOnlyDictionary<string, List<Deep>> Deep);

    public sealed record Deep(byte[] Bytes, string Fine);
}

namespace AccessHive.Tests.Architecture.Planted.Core.Policies
{
    internal static class Offender
    {
        public static async Task<int> OffendAsync(HiveContext db, ILogger log)
        {
            log.LogTrace("{Reason}", EndReason.Expired);
            return await db.Sessions.CountAsync(s => s.EndReason == EndReason.Revoked) + File.ReadAllBytes("x").Length;
        }
    }
}

namespace AccessHive.Tests.Architecture.Planted.Core.Policies.UseCases
{
    internal static class Offender
    {
        public static Func<RaiseRequestHandler, Task> Offend => handler => handler.HandleAsync(default, null!);
    }
}

namespace AccessHive.Tests.Architecture.Planted.Features.Vault
{
    internal static class Other
    {
        public static int Count => 1;
    }
}

namespace AccessHive.Tests.Architecture.Planted.Features.Shared
{
    internal static class Common
    {
        public static int Count => 1;
    }
}

namespace AccessHive.Tests.Architecture.Planted.Features.Policies
{
    internal static class Offender
    {
        public static async Task<int> OffendAsync(IDbContextFactory<HiveContext> contexts, RevealCredentialHandler reveal, EditEmergencyPolicy mine)
        {
            await mine.ReadAsync();
            await using var db = await contexts.CreateDbContextAsync();
            return await db.Trail.CountAsync() + reveal.GetHashCode() + Vault.Other.Count + Shared.Common.Count;
        }
    }
}

// Copies of the one request and the one session, as somebody in a hurry would make them.
namespace AccessHive.Tests.Architecture.Planted.Machines
{
    public enum CheckoutState
    {
        Waiting,
        CheckedOut,
        CheckedIn,
    }

    public sealed class StandardRequest : AccessHive.Core.Kernel.Aggregate
    {
        public AccessHive.Core.Requests.RequestState Where { get; set; }
    }

    public sealed class CheckoutLease : AccessHive.Core.Kernel.Aggregate
    {
        public CheckoutState State { get; set; }
    }
}
