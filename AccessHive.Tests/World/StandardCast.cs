using System.Text;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions.UseCases;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using NodaTime;

namespace AccessHive.Tests.World;

/// <summary>What the cast does in the usual way.</summary>
public static class StandardCast
{
    public const string Purpose = "Set up the autumn campaign.";

    public static Task<Result<Raised>> CheckOutAsync(this Cast cast, PersonId who, CredentialId? credential = null, int minutes = 60, string purpose = Purpose)
        => cast.Get<CheckOutHandler>().HandleAsync(who, new CheckOut(credential ?? cast.AdsPassword, purpose, Duration.FromMinutes(minutes)));

    /// <summary>Checked out, with one approval where one is needed.</summary>
    public static async Task<SessionId> HoldAsync(this Cast cast, PersonId holder, CredentialId? credential = null, int minutes = 60)
    {
        var raised = (await cast.CheckOutAsync(holder, credential, minutes)).Require();
        return raised.Session ?? (await cast.DecideAsync(holder == cast.Priya ? cast.Adam : cast.Priya, raised.Request)).Require().Session!.Value;
    }

    public static Task<Result<Done>> ExtendAsync(this Cast cast, PersonId who, SessionId session) => cast.Get<ExtendSessionHandler>().HandleAsync(who, session);

    public static Task<Result<Done>> CheckInAsync(this Cast cast, PersonId who, SessionId session) => cast.Get<EndSessionHandler>().EndAsync(who, session);

    /// <summary>Saves the approval policy, as Adam.</summary>
    public static async Task PolicyAsync(this Cast cast, Func<ApprovalRules, ApprovalRules> change) => (await cast.PolicyAsync(change, cast.Adam)).Require();

    /// <summary>Saves the approval policy, whatever it leaves without an approver.</summary>
    public static Task<Result<Done>> PolicyAsync(this Cast cast, Func<ApprovalRules, ApprovalRules> change, PersonId by)
        => cast.SaveApprovalsAsync(by, change, shortfallAccepted: true);

    /// <summary>Names who approves, as Adam; nobody, when nobody is named.</summary>
    public static async Task ApproversAsync(this Cast cast, params IReadOnlyCollection<PersonId> people) => (await cast.ApproversAsync(people, cast.Adam)).Require();

    /// <summary>Names who approves; everybody whose role decides, if null.</summary>
    public static Task<Result<Done>> ApproversAsync(this Cast cast, IReadOnlyCollection<PersonId>? people, PersonId by)
        => cast.ListAsync(ApproverScope.Agency, "", people is null ? Approvers.AllDeciders : new Approvers(Everybody: false, people.ToHashSet()), by);

    public static async Task<(IdentityId Identity, CredentialId Credential)> KeepAsync(this Cast cast, string name, IdentityType type, RiskLevel risk = RiskLevel.Medium)
    {
        var identity = (await cast.Get<KeepIdentities>().AddAsync(cast.Ian, new IdentityDetails(name, type, "Mailer", "Bergmann Bikes", cast.Ian, "", risk))).Require();
        var credential = (await cast.Get<KeepIdentities>().AddCredentialAsync(cast.Ian, identity, new CredentialDetails("Key", "", ""), Encoding.UTF8.GetBytes(Cast.Secret))).Require();
        return (identity, credential);
    }

    /// <summary>A shared account whose checkout takes two different people.</summary>
    public static async Task<CredentialId> CriticalAsync(this Cast cast)
    {
        await cast.PolicyAsync(r => r with { Mode = ApprovalMode.RiskBased });
        return (await cast.KeepAsync("Bergmann – bank", IdentityType.ExternalShared, RiskLevel.Critical)).Credential;
    }
}
