using AccessHive.Core.Requests;

namespace AccessHive.Web.Demo;

/// <summary>What people asked for in the demo's week. Different people write differently, and not all of them well.</summary>
public static class Pleas
{
    public static Plea WrongAudience { get; } = new(DemoVault.LumenTikTok, ReasonCategory.ClientEscalation,
        "The client called: the new spot runs for 13 to 17 year olds, and it is about retinol. It has to stop now and the audience has to be set again.", 30, "LUM-61");

    public static Plea WrongDiscount { get; } = new(DemoVault.LumenKlaviyo, ReasonCategory.UrgentLaunch,
        "Tonight's mailing to 48,000 people has 70 percent off in the subject instead of 17, and goes out at 15:00. Whoever built it is on a plane.", 60, "LUM-70");

    public static Plea LineUpLeaked { get; } = new(DemoVault.TidewaterMail, ReasonCategory.ClientEscalation,
        "A draft with the secret headliner is scheduled for noon. The festival wants it gone from the queue, the two people with access are in the same meeting.", 15);

    public static Plea SpendAtNight { get; } = new(DemoVault.LumenTikTok, ReasonCategory.CompromisedAccount,
        "Three ad groups that nobody here made spend since nine in the evening. Pausing them and removing the member who was added at 20:58.", 45, "INC-2190");

    public static Plea StormWarning { get; } = new(DemoVault.TidewaterMail, ReasonCategory.UrgentLaunch,
        "The open-air evening is called off for the storm. Four thousand visitors have to know within the hour, before the trains leave.", 30, "TW-377");

    public static Plea SpendSpike { get; } = new(DemoVault.BergmannAds, ReasonCategory.CompromisedAccount,
        "Google mailed at 22:31 that daily spend passed 4,000 EUR; our budget is 1,400. Three campaigns I don't know were created from an address in another country. I need to pause them, remove the unknown user and change the password before midnight, when the budgets reset.",
        45, "INC-2214");

    public static Plea LaunchNight { get; } = new(DemoVault.LumenShop, ReasonCategory.UrgentLaunch,
        "Serum launch went live at 03:00 and the checkout shows the old price. The client's night desk is taking calls. I have to correct the price list and watch the first orders.",
        45, "LUM-88");

    public static Plea LaunchNightContinued { get; } = LaunchNight with
    {
        Words = "Price list is right now, but the discount code still applies twice. I was half-way through the price rules when the session expired; about twenty minutes more to finish and to place a test order.",
        Minutes = 30,
    };

    public static Plea RoutineReport { get; } = new(DemoVault.CasaVerdeMeta, ReasonCategory.Other,
        "Need the monthly reach numbers for the hotel report that goes out tomorrow.", 30);

    public static Plea DnsChange { get; } = new(DemoVault.NordhavnCloudflare, ReasonCategory.Outage,
        "nordhavn.example shows a certificate error since the change this afternoon; want to look at the DNS records.", 60, "NH-301");

    public static Plea NightOutage { get; } = new(DemoVault.CasaVerdeSite, ReasonCategory.Outage,
        "The booking page answers with error 500 since 02:30. Hotels in Lisbon and Porto can't take walk-in bookings either, they use the same page. I want to switch off the plug-in that updated itself at 02:25.",
        60, "INC-2219");

    public static Plea NightOutageAgain { get; } = NightOutage with
    {
        Words = "Second try, the first request lapsed at night. Booking page of all seven Casa Verde hotels still answers with error 500; I have Tomasz on the phone now. Plan: switch off the plug-in that updated itself at 02:25, check one booking, out again.",
    };

    public static Plea LockedOut { get; } = new(DemoVault.KestrelLinkedIn, ReasonCategory.Lockout,
        "LinkedIn has locked my own seat after the trip and the product announcement is scheduled for 11:30. Need the shared sign-in to post it.", 30);

    public static Plea MemberPlea { get; } = new(DemoVault.NordhavnMeta, ReasonCategory.ClientEscalation,
        "The client just called: a story with a wrong price is online and must be taken down right away.", 15);

    public static Plea SaleWeekend { get; } = new(DemoVault.BergmannShop, ReasonCategory.UrgentLaunch,
        "Autumn sale is live and the stock counter shows minus numbers for the city bikes. Taking the product offline until the warehouse has counted.", 30, "BB-1190");

    public static Plea HackedPage { get; } = new(DemoVault.SahabMeta, ReasonCategory.CompromisedAccount,
        "Somebody is posting crypto ads on the client's page. رسالة من العميل: «الصفحة مخترقة، أوقفوا المنشورات فورًا». Removing the unknown admin and the posts.", 30, "INC-2223");

    public static Plea RefundWave { get; } = new(DemoVault.LumenStripe, ReasonCategory.ClientEscalation,
        "Duplicate charges after last night's discount error, 61 customers so far. The client asked in writing for refunds today; list attached to the ticket.", 60, "LUM-91");

    public static Plea OversoldNight { get; } = new(DemoVault.TidewaterTickets, ReasonCategory.ClientEscalation,
        "While I waited for the early-bird checkout the box office called: Saturday sells beyond the hall's limit, about two tickets a minute. I have to set the limit now.", 30, "TW-402");

    /// <summary>Of the session that runs while a visitor looks around.</summary>
    public static IReadOnlyList<Plea> RunningNow { get; } =
    [
        new(DemoVault.TidewaterTickets, ReasonCategory.Outage,
            "Ticket shop shows the festival as cancelled since the import this morning, and people are asking for refunds. I need to set the event back to on sale and answer the ticket office.", 60, "TW-417"),
        new(DemoVault.BergmannMail, ReasonCategory.ClientEscalation,
            "A mailing to the wrong audience is scheduled and goes out within the hour. I need to stop it and check what is queued behind it.", 60, "BB-1204"),
        new(DemoVault.OwnDns, ReasonCategory.Outage,
            "Our own site answers from one name server only. Checking the zone against the copy of last week and putting the missing record back.", 60),
    ];

    /// <summary>Of the request that waits while a visitor looks around.</summary>
    public static IReadOnlyList<Plea> WaitingNow { get; } =
    [
        new(DemoVault.LumenTikTok, ReasonCategory.CompromisedAccount,
            "TikTok reports a sign-in from an unknown device ten minutes ago and two new ad groups with somebody else's landing page. I want to stop both, sign all devices out and set a new password.", 30, "INC-2231"),
        new(DemoVault.KestrelAws, ReasonCategory.Outage,
            "The campaign microsite is down while the TV spot is on air. I need to point the distribution back to yesterday's release; ten minutes if nothing else is wrong.", 30, "KO-77"),
        new(DemoVault.TidewaterMail, ReasonCategory.UrgentLaunch,
            "Storm warning for tonight: the crew asks us to send the SAFETY template to all ticket holders before the gates open.", 15, "TW-420"),
    ];
}
