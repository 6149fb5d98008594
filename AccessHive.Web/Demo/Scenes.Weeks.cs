using AccessHive.Core.Cases.UseCases;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Kernel;

namespace AccessHive.Web.Demo;

public static partial class Scenes
{
    /// <summary>Somebody who reviews answers for a week by name.</summary>
    public static async Task AttestedAsync(Stage stage, CastMember by, ReviewWeek week, string text)
        => (await stage.Get<AttestWeekHandler>().HandleAsync(stage.Cast[by], new AttestWeek(week, by.Name, text), stage.Cancellation)).Require();

    /// <summary>An emergency from its request to its closed case: used, ended early, rotated by two people, reviewed by somebody else. Moves time.</summary>
    public static async Task ClosedAsync(Stage stage, CastMember holder, CastMember approver, CastMember reviewer, Plea plea, int minutes, string verdict)
    {
        await EndedEarlyAsync(stage, holder, approver, plea, "", minutes);
        await stage.PassAsync(35);
        await RotatedByHandAsync(stage, DemoCast.Yuki, DemoCast.Leila, plea.Identity);
        await stage.PassAsync(50);
        await ReviewedAsync(stage, reviewer, plea.Identity, Core.Cases.CaseVerdict.Genuine, AllRight, verdict);
    }
}
