using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Policies.UseCases;
using AccessHive.Core.Requests;
using AccessHive.Core.Requests.UseCases;
using AccessHive.Core.Sessions;
using AccessHive.Core.Sessions.UseCases;
using NodaTime;

namespace AccessHive.Web.Demo;

/// <summary>What people do in scenes: each is one use case, by one member of the cast.</summary>
public static class Deeds
{
    /// <summary>Asks for emergency access.</summary>
    public static async Task<Result<Raised>> RaiseAsync(this Stage stage, CastMember who, Plea plea, SessionId? continues = null)
    {
        var identity = await stage.IdentityAsync(who, plea.Identity) ?? throw new InvalidOperationException($"There is no {plea.Identity}.");
        return await stage.Get<RaiseRequestHandler>().HandleAsync(stage.Cast[who], plea.For(identity.Credentials[0].Id, continues), stage.Cancellation);
    }

    /// <summary>Asks for a credential in the usual way, for as long as wanted or as the policy allows.</summary>
    public static async Task<Result<Raised>> CheckOutAsync(this Stage stage, CastMember who, Errand errand)
    {
        var identity = await stage.IdentityAsync(who, errand.Identity) ?? throw new InvalidOperationException($"There is no {errand.Identity}.");
        var length = Duration.Min(Duration.FromMinutes(errand.Minutes), identity.Checkout.Longest);
        return await stage.Get<CheckOutHandler>().HandleAsync(stage.Cast[who], new CheckOut(identity.Credentials[0].Id, errand.Purpose, length), stage.Cancellation);
    }

    /// <summary>Takes the one extension.</summary>
    public static Task<Result<Done>> ExtendAsync(this Stage stage, CastMember who, SessionId session)
        => stage.Get<ExtendSessionHandler>().HandleAsync(stage.Cast[who], session, stage.Cancellation);

    /// <summary>The request that this plea makes for a credential.</summary>
    public static RaiseRequest For(this Plea plea, CredentialId credential, SessionId? continues = null)
        => new(credential, new Justification(plea.Words, plea.Category, plea.Reference), Duration.FromMinutes(plea.Minutes), continues);

    /// <summary>Has a request before their eyes.</summary>
    public static Task<Result<Done>> SeeAsync(this Stage stage, CastMember who, RequestId request)
        => stage.Get<DecideRequestHandler>().ShownAsync(stage.Cast[who], request, stage.Cancellation);

    /// <summary>Says yes.</summary>
    public static Task<Result<Decided>> ApproveAsync(this Stage stage, CastMember who, RequestId request, string comment = "")
        => stage.Get<DecideRequestHandler>().HandleAsync(stage.Cast[who], new DecideRequest(request, Verdict.Approve, comment), stage.Cancellation);

    /// <summary>Says no.</summary>
    public static Task<Result<Decided>> DenyAsync(this Stage stage, CastMember who, RequestId request, string comment)
        => stage.Get<DecideRequestHandler>().HandleAsync(stage.Cast[who], new DecideRequest(request, Verdict.Deny, comment), stage.Cancellation);

    /// <summary>Takes a request back.</summary>
    public static Task<Result<Done>> WithdrawAsync(this Stage stage, CastMember who, RequestId request)
        => stage.Get<DecideRequestHandler>().WithdrawAsync(stage.Cast[who], request, stage.Cancellation);

    /// <summary>Looks at the secret, or copies it; it is zeroed at once.</summary>
    public static async Task<Result<Done>> RevealAsync(this Stage stage, CastMember who, SessionId session, RevealMode mode = RevealMode.Shown)
    {
        var revealed = await stage.Get<RevealCredentialHandler>().HandleAsync(stage.Cast[who], new RevealCredential(session, mode), stage.Cancellation);
        if (revealed.IsRefused)
            return revealed.Refusal;
        revealed.Value.Dispose();
        return Done.Yes;
    }

    /// <summary>Ends the own session early.</summary>
    public static Task<Result<Done>> EndAsync(this Stage stage, CastMember who, SessionId session)
        => stage.Get<EndSessionHandler>().EndAsync(stage.Cast[who], session, stage.Cancellation);

    /// <summary>Takes somebody's session away.</summary>
    public static Task<Result<Done>> RevokeAsync(this Stage stage, CastMember who, SessionId session, string words)
        => stage.Get<EndSessionHandler>().RevokeAsync(stage.Cast[who], session, words, stage.Cancellation);

    /// <summary>Edits the settings card.</summary>
    public static async Task<Result<Done>> EditCardAsync(this Stage stage, CastMember who, Func<EmergencyRules, EmergencyRules> change)
    {
        var edit = stage.Get<EditEmergencyPolicy>();
        var card = await edit.ReadAsync(stage.Cancellation);
        return await edit.SaveAsync(stage.Cast[who], change(card.Rules), card.Revision, stage.Cancellation);
    }

    /// <summary>Edits the approval policy.</summary>
    public static async Task<Result<Done>> EditApprovalsAsync(this Stage stage, CastMember who, Func<ApprovalRules, ApprovalRules> change)
    {
        var edit = stage.Get<EditApprovalPolicy>();
        var card = await edit.ReadAsync(stage.Cancellation);
        return await edit.SaveAsync(stage.Cast[who], change(card.Rules), card.Revision, cancellation: stage.Cancellation);
    }

    /// <summary>Begins a list of approvers.</summary>
    public static Task<Result<Done>> NameApproversAsync(this Stage stage, CastMember who, ApproverScope scope, string key, params IEnumerable<CastMember> approvers)
        => stage.Get<KeepApprovers>().SaveAsync(
            stage.Cast[who], new SaveApprovers(scope, key, new Approvers(Everybody: false, approvers.Select(a => stage.Cast[a]).ToHashSet()), MadeOn: 0), stage.Cancellation);

    /// <summary>Signs in.</summary>
    public static async Task SignInAsync(this Stage stage, CastMember who)
        => (await stage.Get<SignIns>().SignedInAsync(stage.Cast[who], stage.Cancellation)).Require();

    /// <summary>For scenes in which the rules must say no, and for that reason.</summary>
    /// <exception cref="InvalidOperationException">They said yes, or no for another reason.</exception>
    public static void RequireRefused<T>(this Result<T> result, Refusal expected)
    {
        if (result.Refusal != expected)
            throw new InvalidOperationException($"Expected {expected.Code}, and it was {result.Refusal?.Code ?? "allowed"}.");
    }
}
