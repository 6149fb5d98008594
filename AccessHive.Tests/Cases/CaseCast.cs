using System.Text;
using AccessHive.Core.Cases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Tests.Cases;

/// <summary>What the cast does about cases.</summary>
internal static class CaseCast
{
    public static ReviewAnswers Fine { get; } = new(WasGenuine: true, "", DurationRight: true, "", NeedsFollowUp: false);

    public static async Task<EmergencyCase> CaseOfAsync(this Cast agency, RequestId request)
    {
        await using var db = await agency.ReadAsync();
        var id = await db.CaseRequests.Where(m => m.RequestId == request).Select(m => m.CaseId).SingleAsync();
        return await agency.CaseAsync(id);
    }

    public static async Task<EmergencyCase> CaseAsync(this Cast agency, CaseId id)
    {
        await using var db = await agency.ReadAsync();
        return await db.Cases.AsNoTracking().Include(c => c.Members).Include(c => c.Openings).Include(c => c.Reviews).Include(c => c.FollowUps).Include(c => c.Comments).Include(c => c.Reminders)
            .AsSplitQuery().SingleAsync(c => c.Id == id);
    }

    public static async Task<EmergencyCase> CaseOfAsync(this Cast agency, SessionId session)
    {
        await using var db = await agency.ReadAsync();
        return await agency.CaseOfAsync(await db.Sessions.Where(s => s.Id == session).Select(s => s.RequestId).SingleAsync());
    }

    public static Task<Result<Done>> ReviewAsync(this Cast agency, PersonId by, CaseId id, CaseVerdict verdict = CaseVerdict.Genuine, ReviewAnswers? answers = null)
        => agency.Get<ReviewCases>().ReviewAsync(by, new ReviewCase(id, verdict, answers ?? Fine));

    /// <summary>An emergency of Adam's that Priya approved, in which the secret was seen or not, and that is over.</summary>
    public static async Task<EmergencyCase> OverAsync(this Cast agency, bool seen = true, CredentialId? credential = null, PersonId? holder = null)
    {
        var session = await agency.GrantAsync(holder ?? agency.Adam, credential: credential);
        if (seen)
            (await agency.RevealAsync(holder ?? agency.Adam, session)).Require();
        (await agency.Get<EndSessionHandler>().EndAsync(holder ?? agency.Adam, session)).Require();
        return await agency.CaseOfAsync(session);
    }

    /// <summary>Changes the secret by hand: Ian enters it, Olivia tries and confirms it.</summary>
    public static async Task RotateAsync(this Cast agency, CredentialId? credential = null)
        => (await agency.Get<KeepRotations>().ConfirmAsync(agency.Olivia, await agency.ReadyToConfirmAsync(credential))).Require();

    /// <summary>The same, up to the confirmation.</summary>
    public static async Task<RotationId> ReadyToConfirmAsync(this Cast agency, CredentialId? credential = null)
    {
        await agency.SettleAsync();
        await using var db = await agency.ReadAsync();
        var which = credential ?? agency.AdsPassword;
        var rotation = await db.Rotations.Where(r => r.CredentialId == which && r.ClosedAt == null).Select(r => r.Id).SingleAsync();
        (await agency.Get<KeepRotations>().EnterAsync(agency.Ian, rotation, Encoding.UTF8.GetBytes($"new-{rotation}"))).Require();
        (await agency.Get<KeepRotations>().ShowPendingAsync(agency.Olivia, rotation)).Require();
        return rotation;
    }
}
