using AccessHive.Core.Audit.UseCases;

namespace AccessHive.Web.Demo;

public static partial class Scenes
{
    /// <summary>Somebody who looks at the trail every week keeps what they look at.</summary>
    public static async Task FiltersKeptAsync(Stage stage, CastMember reader)
    {
        var filters = stage.Get<KeepFilters>();
        (await filters.SaveAsync(stage.Cast[reader], "Emergencies of the week", "emergency=1&time=7d", stage.Cancellation)).Require();
        (await filters.SaveAsync(stage.Cast[reader], "Refused attempts", "action=attempt.refused", stage.Cancellation)).Require();
    }
}
