using AccessHive.Core.Cases;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Vault;
using NodaTime;
using static AccessHive.Web.Demo.DemoCast;

namespace AccessHive.Web.Demo;

/// <summary>
/// The agency's first weeks, and its last nine days in full, told up to yesterday evening. Hours are those of its own zone, so nights are nights
/// wherever the demo runs.
/// </summary>
/// <param name="stage">Where it is played; time stands at <see cref="Start"/>.</param>
/// <param name="presence">Who has a page open.</param>
/// <param name="today">The day on which the demo is started, in the agency's zone.</param>
internal sealed class DemoWeek(Stage stage, ScenePresence presence, LocalDate today)
{
    private const int Days = 37;
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb[DemoCast.Zone];

    /// <summary>When the agency is founded.</summary>
    public static Instant Start(LocalDate today) => At(today, Days, 9, 0);

    /// <summary>The day it is in the agency's zone.</summary>
    public static LocalDate DayOf(Instant now) => now.InZone(Zone).Date;

    /// <summary>Plays it.</summary>
    public async Task PlayAsync()
    {
        await FoundAsync();
        await KeepAsync();
        await QuietWeeksAsync();
        await FirstSettingsAsync();
        await SpendSpikeAsync();
        await LaunchNightAsync();
        await DeniedAndRevokedAsync();
        await NobodyAwakeAsync();
        await ManyRefusalsAsync();
        await SaleWithoutApprovalAsync();
        await YesterdayAsync();
        await Scenes.FiltersKeptAsync(stage, Kwame);
        // The last thing that happens, so that a furnishing that was cut short can be told by her absence.
        await Scenes.InvitedAsync(stage, Amara, Invited);
    }

    private static Instant At(LocalDate today, int daysAgo, int hour, int minute)
        => today.PlusDays(-daysAgo).At(new LocalTime(hour, minute)).InZoneLeniently(Zone).ToInstant();

    private Task AtAsync(int daysAgo, int hour, int minute) => stage.UntilAsync(At(today, daysAgo, hour, minute));

    private void Here(params IEnumerable<CastMember> people) => presence.Are(people.Select(p => stage.Cast[p]));

    private async Task FoundAsync()
    {
        await Scenes.FoundedAsync(stage, Ingrid);
        foreach (var member in new[] { Tomasz, Amara, Yuki, Leila, Sofia })
            await Scenes.JoinedAsync(stage, Ingrid, member);
        foreach (var member in new[] { Priya, Kwame, Chloe, Rohan })
            await Scenes.JoinedAsync(stage, Amara, member);
        await Scenes.JoinedAsync(stage, Amara, Mateo, Roles.Member);
    }

    private async Task KeepAsync()
    {
        await AtAsync(Days, 10, 40);
        foreach (var (identity, i) in DemoVault.All.Select((identity, i) => (identity, i)))
        {
            if (i == DemoVault.All.Count / 2)
                await AtAsync(Days - 1, 9, 30);
            await stage.LingerAsync(130 + 37 * (i % 5));
            await Scenes.KeptAsync(stage, i % 3 == 1 ? Leila : Yuki, identity);
        }
    }

    // Weeks in which little happens, each answered for on the Monday after it; the latest is left for whoever visits.
    private async Task QuietWeeksAsync()
    {
        await MondayAsync(Days - 1, hour: 16);
        for (var day = Days - 2; day > 8; day--)
        {
            await MondayAsync(day);
            await (day switch
            {
                33 => ClosedAsync(33, 20, 15, Tomasz, Priya, Sofia, Pleas.WrongAudience, 18, "Stopped within minutes of the client's call."),
                27 => ClosedAsync(27, 14, 20, Amara, Ingrid, Sofia, Pleas.WrongDiscount, 35, "The mailing was held in time."),
                26 => ClosedAsync(26, 11, 10, Ingrid, Leila, Sofia, Pleas.LineUpLeaked, 12, ""),
                19 => ClosedAsync(19, 22, 5, Amara, Priya, Tomasz, Pleas.SpendAtNight, 41, "Same account as three weeks ago; its limits are lower now."),
                13 => ClosedAsync(13, 11, 30, Tomasz, Priya, Sofia, Pleas.StormWarning, 9, "Weather, and nobody else could send."),
                _ => Task.CompletedTask,
            });
        }
    }

    private async Task ClosedAsync(int daysAgo, int hour, int minute, CastMember holder, CastMember approver, CastMember reviewer, Plea plea, int minutes, string verdict)
    {
        await AtAsync(daysAgo, hour, minute);
        Here(approver);
        await Scenes.ClosedAsync(stage, holder, approver, reviewer, plea, minutes, verdict);
    }

    private async Task MondayAsync(int daysAgo, int hour = 9)
    {
        var day = today.PlusDays(-daysAgo);
        if (day.DayOfWeek != IsoDayOfWeek.Monday)
            return;
        await AtAsync(daysAgo, hour, 40);
        await Scenes.AttestedAsync(stage, Sofia, ReviewWeek.Of(day).Before, daysAgo % 2 == 0 ? "Looked at every emergency and at the refused attempts." : "");
    }

    private async Task FirstSettingsAsync()
    {
        await MondayAsync(8);
        await AtAsync(8, 14, 5);
        await Scenes.RolesChangedAsync(stage, Amara, Mateo);
        await AtAsync(8, 15, 20);
        (await stage.EditCardAsync(Ingrid, rules => rules with { EligibleRoles = rules.EligibleRoles | Roles.IdentityManager })).Require();
        await AtAsync(8, 15, 26);
        (await stage.EditCardAsync(Ingrid, rules => rules with { MaximumDuration = Duration.FromMinutes(90) })).Require();
        await AtAsync(8, 15, 41);
        await Scenes.ApprovalsSettledAsync(stage, Ingrid);
        await AtAsync(8, 16, 10);
        await Scenes.RatedAsync(stage, Yuki, DemoVault.NordhavnCloudflare, RiskLevel.Critical);
        await stage.PassAsync(2);
        await Scenes.RatedAsync(stage, Yuki, DemoVault.OwnDns, RiskLevel.High);
    }

    private async Task SpendSpikeAsync()
    {
        await AtAsync(7, 8, 10);
        await Scenes.MorningAsync(stage, Ingrid, Yuki, Chloe);
        await MondayAsync(7);
        await AtAsync(7, 10, 12);
        Here(Mateo);
        await Scenes.CheckedInAsync(stage, Chloe, Mateo, Errands.MonthlyNumbers, minutes: 38);
        await AtAsync(7, 22, 38);
        await stage.SignInAsync(Amara);
        await AtAsync(7, 22, 41);
        Here(Priya);
        await Scenes.EndedEarlyAsync(stage, Amara, Priya, Pleas.SpendSpike, "Saw the mail too. Go, and call Klaus in the morning.", minutes: 24);
    }

    private async Task LaunchNightAsync()
    {
        await AtAsync(6, 3, 12);
        Here(Mateo);
        var first = await Scenes.RanOutAsync(stage, Tomasz, Mateo, Pleas.LaunchNight, "Launch night as announced.");
        Here(Ingrid, Mateo);
        var second = await Scenes.ContinuedAsync(stage, Tomasz, Ingrid, first, Pleas.LaunchNight, Pleas.LaunchNightContinued);
        await stage.PassAsync(19);
        (await stage.EndAsync(Tomasz, second)).Require();
        await AtAsync(6, 8, 25);
        await Scenes.MorningAsync(stage, Yuki, Leila, Sofia);
        await Scenes.RotatedByHandAsync(stage, Yuki, Leila, DemoVault.BergmannAds, "Google says: wrong password. Maybe the last character is missing.");
        await Scenes.NotedAsync(stage, Yuki, DemoVault.BergmannAds, "Password changed after the night with the unknown campaigns; the unknown user is gone.");
        await stage.PassAsync(4);
        await Scenes.SecretChangedAsync(stage, Yuki, DemoVault.LumenShop);
        await AtAsync(6, 10, 30);
        await Scenes.ReviewedAsync(stage, Sofia, DemoVault.BergmannAds, CaseVerdict.Genuine, Scenes.AllRight, "Klaus confirms that the campaigns were not theirs. Stopping them took 24 minutes of the hour.");
        await stage.PassAsync(12);
        await Scenes.ReviewedAsync(
            stage, Sofia, DemoVault.LumenShop, CaseVerdict.PolicyGap,
            new ReviewAnswers(WasGenuine: false, "A launch that was in the calendar for weeks. It was urgent at three in the morning, and only then.", DurationRight: false, "One session of two hours instead of two of one.", NeedsFollowUp: true),
            "Nothing went wrong, and it should not have been an emergency.", secondsLooked: 410, followUp: ("Plan launch nights as checkouts of four hours, approved the day before", Amara, 3));
        await AtAsync(6, 13, 5);
        Here(Priya);
        await Scenes.ExtendedAsync(stage, Rohan, Priya, Errands.AutumnMailing);
    }

    private async Task DeniedAndRevokedAsync()
    {
        await AtAsync(5, 8, 40);
        await Scenes.MorningAsync(stage, Priya, Amara, Rohan);
        await AtAsync(5, 10, 20);
        Here(Priya, Amara);
        await Scenes.ForgottenAsync(stage, Yuki, Errands.NewRecord, Priya, Amara);
        await Scenes.OwnCaseAsync(stage, Tomasz, Sofia, DemoVault.LumenShop);
        await AtAsync(5, 14, 5);
        Here(Priya, Mateo);
        await Scenes.DeniedAsync(stage, Yuki, Priya, Pleas.RoutineReport, "Not an emergency: reports go through the standard checkout. Ask Leila, she has the numbers open.");
        await AtAsync(5, 17, 30);
        await Scenes.DisabledAsync(stage, Amara, Rohan);
        await AtAsync(5, 19, 30);
        Here(Mateo, Sofia);
        await Scenes.RevokedAsync(stage, Leila, Mateo, Sofia, Pleas.DnsChange,
            "The certificate was renewed by the provider ten minutes ago, so nothing is left to do in the DNS. Please talk to me before the next change.");
    }

    private async Task NobodyAwakeAsync()
    {
        await AtAsync(4, 2, 44);
        await stage.SignInAsync(Amara);
        Here();
        await AtAsync(4, 2, 47);
        await Scenes.ApproverAsleepAsync(stage, Amara, Pleas.NightOutage);
        await stage.PassAsync(6);
        await stage.SignInAsync(Tomasz);
        Here(Tomasz);
        await Scenes.EndedEarlyAsync(stage, Amara, Tomasz, Pleas.NightOutageAgain, "On the phone with you.", minutes: 32);
        await AtAsync(4, 9, 15);
        await Scenes.MorningAsync(stage, Yuki, Ingrid, Kwame);
        await Scenes.LetBackInAsync(stage, Amara, Rohan);
        await stage.PassAsync(9);
        await Scenes.ReviewedAsync(
            stage, Sofia, DemoVault.CasaVerdeMeta, CaseVerdict.Misuse,
            new ReviewAnswers(WasGenuine: false, "A report for Monday. The standard checkout would have served, and was offered beside it.", DurationRight: true, "", NeedsFollowUp: true),
            "Denied in time, so nothing was seen.", secondsLooked: 95, followUp: ("Show Yuki the standard checkout once more", Leila, 2));
        await stage.PassAsync(2);
        await Scenes.RemarkedAsync(stage, Kwame, DemoVault.CasaVerdeMeta, "Third request of this kind this quarter, by three different people. Perhaps the button says too little.");
        await AtAsync(4, 10, 2);
        (await stage.EditCardAsync(Ingrid, rules => rules with { ApprovalWindow = Duration.FromMinutes(20) })).Require();
        await AtAsync(4, 10, 30);
        await Scenes.PlannedAsync(stage, Yuki, DemoVault.CasaVerdeSite, "Dashboard > Account > Password. The second factor is in Leila's safe.");
        await Scenes.RotatedByHandAsync(stage, Leila, Yuki, DemoVault.CasaVerdeSite);
        await AtAsync(4, 14, 25);
        Here(Priya);
        await Scenes.CheckoutDeniedAsync(stage, Rohan, Priya, Errands.CuriousLook, "No need for the account to see that: Leila shows you tomorrow.");
    }

    private async Task ManyRefusalsAsync()
    {
        await AtAsync(3, 8, 50);
        await Scenes.MorningAsync(stage, Chloe, Leila, Mateo, Rohan);
        await Scenes.FollowedUpAsync(stage, Leila, DemoVault.CasaVerdeMeta);
        await Scenes.ReviewedAsync(stage, Ingrid, DemoVault.NordhavnCloudflare, CaseVerdict.Genuine, Scenes.AllRight, secondsLooked: 12);
        await stage.PassAsync(55);
        await Scenes.ReopenedAsync(stage, Sofia, DemoVault.NordhavnCloudflare, "Judged in twelve seconds, and I revoked that session for a reason. Somebody please read it.");
        await AtAsync(3, 11, 5);
        Here(Priya);
        await Scenes.FalseAlarmAsync(stage, Yuki, Pleas.LockedOut);
        await AtAsync(3, 13, 15);
        Here(Mateo);
        await Scenes.CheckedInAsync(stage, Chloe, Mateo, Errands.NewsletterKey, minutes: 6);
        await AtAsync(3, 16, 40);
        await Scenes.NotEligibleAsync(stage, Chloe, Pleas.MemberPlea);
        await stage.PassAsync(3);
        await Scenes.NotSettingsEditorAsync(stage, Chloe);
        await AtAsync(3, 17, 12);
        await Scenes.NotPeopleManagerAsync(stage, Rohan);
        await AtAsync(3, 18, 0);
        await Scenes.NotEligibleAsync(stage, Kwame, Pleas.RoutineReport);
    }

    private async Task SaleWithoutApprovalAsync()
    {
        await AtAsync(2, 9, 5);
        await Scenes.MorningAsync(stage, Ingrid, Priya, Sofia);
        await AtAsync(2, 17, 50);
        (await stage.EditCardAsync(Ingrid, rules => rules with { RequireApproval = false })).Require();
        await AtAsync(2, 21, 35);
        Here(Amara);
        var session = await Scenes.GrantedAtOnceAsync(stage, Amara, Pleas.SaleWeekend, minutes: 12);
        await Scenes.NotTheirSessionAsync(stage, Sofia, session);
    }

    private async Task YesterdayAsync()
    {
        await AtAsync(1, 8, 5);
        (await stage.EditCardAsync(Ingrid, rules => rules with
        {
            RequireApproval = true,
            ApprovalWindow = Duration.FromMinutes(15),
            MaximumDuration = Duration.FromMinutes(60),
        })).Require();
        await AtAsync(1, 8, 45);
        await Scenes.WrongPasswordAsync(stage, Chloe, times: 2);
        await Scenes.MorningAsync(stage, Leila, Yuki, Mateo, Kwame);
        await AtAsync(1, 10, 20);
        Here(Priya, Leila);
        var request = await Scenes.ApproverDecidesTheirOwnAsync(stage, Leila, Pleas.HackedPage);
        await stage.LingerAsync(30);
        (await stage.SeeAsync(Priya, request)).Require();
        await stage.LingerAsync(40);
        var session = (await stage.ApproveAsync(Priya, request, "Approved. Leila can't approve her own, so she called me.")).Require().Session!.Value;
        (await stage.RevealAsync(Leila, session)).Require();
        await stage.PassAsync(17);
        (await stage.EndAsync(Leila, session)).Require();
        await stage.PassAsync(35);
        await Scenes.RotatedByHandAsync(stage, Yuki, Leila, DemoVault.SahabMeta);
        await AtAsync(1, 13, 0);
        Here(Mateo);
        await Scenes.TurnedAsync(stage, Amara, Mateo, Errands.SpringOffer, Pleas.OversoldNight, minutes: 14);
        await stage.PassAsync(25);
        await Scenes.ReviewedAsync(stage, Sofia, DemoVault.SahabMeta, CaseVerdict.Genuine, Scenes.AllRight, "Page restored, password changed within the hour.", secondsLooked: 150);
        await Scenes.ReviewedAsync(stage, Ingrid, DemoVault.TidewaterTickets, CaseVerdict.Genuine, Scenes.AllRight, secondsLooked: 75);
        await AtAsync(1, 15, 45);
        Here(Priya, Mateo);
        var refunds = await Scenes.TwoApproversAtOnceAsync(stage, Yuki, Priya, Mateo, Pleas.RefundWave);
        await stage.PassAsync(2);
        (await stage.RevealAsync(Yuki, refunds)).Require();
        await AtAsync(1, 17, 30);
        await Scenes.ArchivedAsync(stage, Yuki, DemoVault.Retired);
        await AtAsync(1, 18, 0);
    }
}
