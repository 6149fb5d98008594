using AccessHive.Core.Cases;
using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Web.Demo;

public static partial class Scenes
{
    /// <summary>The answers where all was as it should be.</summary>
    public static ReviewAnswers AllRight { get; } = new(WasGenuine: true, "", DurationRight: true, "", NeedsFollowUp: false);

    /// <summary>Somebody who took no part opens the newest case about an identity, reads it, and says what they make of it.</summary>
    /// <returns>The case.</returns>
    public static async Task<CaseId> ReviewedAsync(
        Stage stage, CastMember reviewer, string identity, CaseVerdict verdict, ReviewAnswers answers, string comment = "", int secondsLooked = 190, (string What, CastMember Owner, int Days)? followUp = null)
    {
        var id = await CaseAboutAsync(stage, reviewer, identity);
        var cases = stage.Get<ReviewCases>();
        await cases.OpenedAsync(stage.Cast[reviewer], id, stage.Cancellation);
        await stage.LingerAsync(secondsLooked);
        if (followUp is var (what, owner, days))
            (await cases.AddFollowUpAsync(stage.Cast[reviewer], new AddFollowUp(id, what, stage.Cast[owner], stage.Now + Duration.FromDays(days)), stage.Cancellation)).Require();
        (await cases.ReviewAsync(stage.Cast[reviewer], new ReviewCase(id, verdict, answers, comment), stage.Cancellation)).Require();
        return id;
    }

    /// <summary>Whoever broke the glass can't judge it, and the rules say so.</summary>
    public static async Task OwnCaseAsync(Stage stage, CastMember requester, CastMember reader, string identity)
        => (await stage.Get<ReviewCases>().ReviewAsync(stage.Cast[requester], new ReviewCase(await CaseAboutAsync(stage, reader, identity), CaseVerdict.Genuine, AllRight), stage.Cancellation))
            .RequireRefused(CaseRefusals.OwnCase);

    /// <summary>An auditor, who decides nothing, remarks something.</summary>
    public static async Task RemarkedAsync(Stage stage, CastMember by, string identity, string words)
        => (await stage.Get<ReviewCases>().CommentAsync(stage.Cast[by], await CaseAboutAsync(stage, by, identity), words, stage.Cancellation)).Require();

    /// <summary>A verdict is taken back, because something has come to light.</summary>
    public static async Task ReopenedAsync(Stage stage, CastMember by, string identity, string reason)
        => (await stage.Get<ReviewCases>().ReopenAsync(stage.Cast[by], await CaseAboutAsync(stage, by, identity), reason, stage.Cancellation)).Require();

    /// <summary>What was to be done is done.</summary>
    public static async Task FollowedUpAsync(Stage stage, CastMember owner, string identity)
    {
        var page = await stage.Get<CaseQueries>().PageAsync(stage.Cast[owner], (await CaseAboutAsync(stage, owner, identity)).ToString(), stage.Cancellation);
        foreach (var one in page!.Report.FollowUps.Where(f => f.DoneAt is null && f.Owner == stage.Cast[owner]))
            (await stage.Get<ReviewCases>().SetFollowUpAsync(stage.Cast[owner], page.Report.Id, one.Id, done: true, stage.Cancellation)).Require();
    }

    private static async Task<CaseId> CaseAboutAsync(Stage stage, CastMember reader, string identity)
        => (await stage.Get<CaseQueries>().BoardAsync(stage.Cast[reader], CaseView.All, identity, cancellation: stage.Cancellation)).Rows[0].Id;
}
