namespace AccessHive.Web.Demo;

/// <summary>What somebody checks out in the usual way.</summary>
/// <param name="Identity">The identity's name, see <see cref="DemoVault"/>; its first credential is meant.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Minutes">For how long.</param>
public sealed record Errand(string Identity, string Purpose, int Minutes);

/// <summary>What people did on ordinary days of the demo's week.</summary>
public static class Errands
{
    public static Errand MonthlyNumbers { get; } = new(DemoVault.CasaVerdeMeta, "Reach numbers of October for the hotel report.", 60);

    public static Errand AutumnMailing { get; } = new(DemoVault.BergmannMail, "Build the autumn mailing and send a test to Klaus.", 120);

    public static Errand NewRecord { get; } = new(DemoVault.NordhavnCloudflare, "Add the record for the new shop in Aarhus, as agreed in NH-298.", 60);

    public static Errand CuriousLook { get; } = new(DemoVault.LumenTikTok, "Want to see how their campaigns are set up.", 240);

    public static Errand NewsletterKey { get; } = new(DemoVault.LumenKlaviyo, "Put the key into the new sign-up form.", 15);

    public static Errand SpringOffer { get; } = new(DemoVault.TidewaterTickets, "Set up the early-bird tickets for next year.", 60);

    /// <summary>Of the checkout that runs while a visitor looks around.</summary>
    public static IReadOnlyList<Errand> RunningNow { get; } =
    [
        new(DemoVault.CasaVerdeMeta, "Answer the comments of the weekend and plan Thursday's posts.", 240),
        new(DemoVault.SahabMeta, "Upload the winter creatives that Noura has approved.", 240),
    ];

    /// <summary>Of the checkout that waits for one approval while a visitor looks around.</summary>
    public static IReadOnlyList<Errand> WaitingNow { get; } =
    [
        new(DemoVault.BergmannMail, "Clean the audience before Friday's mailing.", 120),
        new(DemoVault.KestrelLinkedIn, "Schedule the three posts of the hiking series.", 60),
    ];

    /// <summary>Of the checkout that has one of two approvals while a visitor looks around.</summary>
    public static Errand HalfApprovedNow { get; } = new(DemoVault.NordhavnCloudflare, "Move the Finnish site to the new name servers, NH-305.", 120);
}
