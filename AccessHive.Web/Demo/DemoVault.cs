using AccessHive.Core.Vault;
using static AccessHive.Core.Vault.IdentityType;

namespace AccessHive.Web.Demo;

/// <summary>What the agency keeps for its clients: the names that scenes use, and everything that hangs on them.</summary>
public static class DemoVault
{
    public const string BergmannAds = "Bergmann Bikes – Google Ads";
    public const string BergmannShop = "Bergmann Bikes – Shopify admin";
    public const string BergmannMail = "Bergmann Bikes – Mailchimp";
    public const string CasaVerdeMeta = "Casa Verde – Meta Business";
    public const string CasaVerdeSite = "Casa Verde – WordPress";
    public const string LumenShop = "Lumen Skincare – Shopify admin";
    public const string LumenTikTok = "Lumen Skincare – TikTok Ads";
    public const string LumenKlaviyo = "Lumen Skincare – Klaviyo";
    public const string LumenStripe = "Lumen Skincare – Stripe";
    public const string NordhavnCloudflare = "Nordhavn Coffee – Cloudflare";
    public const string NordhavnMeta = "Nordhavn Coffee – Instagram";
    public const string KestrelLinkedIn = "Kestrel Outdoor – LinkedIn company page";
    public const string KestrelAws = "Kestrel Outdoor – AWS campaign microsite";
    public const string TidewaterTickets = "Tidewater Festival – Eventbrite";
    public const string TidewaterMail = "Tidewater Festival – Mailchimp";
    public const string SahabMeta = "Sahab Travel – Meta Business";
    public const string OwnDns = "Northlight – Cloudflare account";
    public const string OwnGitHub = "Northlight – GitHub organisation";

    /// <summary>Out of use: it is archived in the course of the week.</summary>
    public const string Retired = "Tidewater Festival – Vimeo 2025";

    private const string Bergmann = "Bergmann Bikes";
    private const string CasaVerde = "Casa Verde Hotels";
    /// <summary>A client whose identities have approvers of their own.</summary>
    public const string Lumen = "Lumen Skincare";

    private const string Nordhavn = "Nordhavn Coffee";
    private const string Kestrel = "Kestrel Outdoor";
    private const string Sahab = "Sahab Travel";
    private const string Tidewater = "Tidewater Festival";
    private const string Okonkwo = "Okonkwo & Daughters Legal";

    private const string RightToLeft = "حساب العميل في الرياض. قبل أي تغيير في الميزانية اتصل بالسيدة نورة، فالحملات تعمل حتى منتصف الليل بتوقيت مكة.";

    private const string VeryLong = """
        Handed over by the client's previous agency in March; the hand-over document is in the shared drive under Kestrel > 2026 > Hand-over.

        Billing runs through the client's own card. Never change the payment method: the finance team at Kestrel reconciles every invoice by hand, and a changed card has cost them two working days before. Questions about billing go to Fiona in their accounts department, weekdays from nine to five UK time.

        The root account is not kept here on purpose. It is with the client, in a safe, with a hardware key. What we hold is the administrator of the campaign account only, and it can't leave the organisation's guard rails: no new regions, no instances larger than "large", no public buckets except the one behind the microsite.

        If the microsite is down: look at the status page first, then at the distribution (there are two, the one whose comment says "live" is the one that matters), then at the origin bucket. Rolling back means pointing the distribution to the folder of the release before; the folders carry dates. After any change by hand tell the developers in the morning, otherwise the next deployment takes it back.

        Sign-in asks for a code from an authenticator. The shared authenticator is on the duty phone in the office, and a recovery code is kept here as a second credential for the night when nobody is in the office. Whoever uses it makes a new set the next morning and replaces it here.

        Known oddities: the console opens in a region where nothing runs, so it looks empty at first; switch to Ireland. The alarm called "traffic-low" fires every Sunday morning and means nothing.
        """;

    /// <summary>Everything, in the order in which it was entered.</summary>
    public static IReadOnlyList<DemoIdentity> All { get; } =
    [
        new(BergmannAds, ExternalShared, "Google Ads", Bergmann, DemoCast.Yuki, "Daily budget 1,400 EUR. Klaus Bergmann wants a call before any campaign is paused.",
            new DemoCredential("Password", "ads@bergmann.example", "https://ads.google.com") { HasOneTimeCodes = true, HasRecoveryCodes = true }) { Risk = RiskLevel.High },
        new(BergmannShop, ManagedShared, "Shopify", Bergmann, DemoCast.Yuki, "", new DemoCredential("Password", "shop@bergmann.example", "https://bergmann.example/admin")),
        new(BergmannMail, ExternalShared, "Mailchimp", Bergmann, DemoCast.Leila, "Two audiences; the one called OLD must never get a mailing.",
            new DemoCredential("Password", "news@bergmann.example", "https://login.mailchimp.com")),
        new("Bergmann Bikes – Merchant feed", ApiKey, "Google Merchant Center", Bergmann, null, "", new DemoCredential("API key", "merchant-feed", "https://merchants.google.com", SecretShape.ApiKey)),
        new("Bergmann Bikes – Analytics export", ServiceAccount, "Google Cloud", Bergmann, DemoCast.Yuki, "Writes the nightly export. Read by the dashboard, nothing else.",
            new DemoCredential("Key file", "export@bergmann-analytics.example", "https://console.cloud.google.com", SecretShape.KeyFile)),

        new(CasaVerdeMeta, ExternalShared, "Meta Business", CasaVerde, DemoCast.Leila, "Seven pages, one for each hotel. Comments are answered by the hotels themselves.",
            new DemoCredential("Password", "social@casaverde.example", "https://business.facebook.com") { HasOneTimeCodes = true, HasRecoveryCodes = true }),
        new(CasaVerdeSite, ManagedShared, "WordPress", CasaVerde, DemoCast.Yuki, "Booking engine is a plug-in of its own; don't update it on Fridays.",
            new("Administrator", "northlight", "https://casaverde.example/wp-admin"),
            new("SFTP", "casaverde-web", "sftp://files.casaverde.example"),
            new("Database", "cv_wp", "mysql://db.casaverde.example:3306")),
        new("Casa Verde – Google Ads", ExternalShared, "Google Ads", CasaVerde, DemoCast.Leila, "", new DemoCredential("Password", "ads@casaverde.example", "https://ads.google.com")),
        new("Casa Verde – Review replies", OAuthApp, "TripAdvisor", CasaVerde, null, "Client id and secret of the reply tool; renewed every January.",
            new DemoCredential("Client secret", "casaverde-replies", "https://www.tripadvisor.com/owners", SecretShape.ClientSecret)),

        new(LumenShop, ManagedShared, "Shopify", Lumen, DemoCast.Yuki, "Launches on the first Tuesday of the month, 03:00 our time.",
            new DemoCredential("Password", "store@lumen.example", "https://lumen.example/admin")),
        new(LumenTikTok, ExternalShared, "TikTok Ads", Lumen, DemoCast.Leila, "The account manager at TikTok is Mei; she answers within the hour on working days.",
            new DemoCredential("Password", "ads@lumen.example", "https://ads.tiktok.com") { HasOneTimeCodes = true, HasRecoveryCodes = true }),
        new(LumenStripe, ServiceAccount, "Stripe", Lumen, DemoCast.Tomasz, "Restricted key: refunds and disputes only.",
            new("Restricted key", "refund-desk", "https://dashboard.stripe.com/apikeys", SecretShape.ApiKey),
            new("Webhook secret", "shop-webhook", "https://dashboard.stripe.com/webhooks", SecretShape.ApiKey)) { Risk = RiskLevel.Critical },
        new(LumenKlaviyo, ApiKey, "Klaviyo", Lumen, null, "", new DemoCredential("Private key", "flows", "https://www.klaviyo.com", SecretShape.ApiKey)),
        new("Lumen Skincare – Pinterest", ExternalShared, "Pinterest", Lumen, DemoCast.Leila, "", new DemoCredential("Password", "pins@lumen.example", "https://ads.pinterest.com")),

        new(NordhavnCloudflare, ManagedShared, "Cloudflare", Nordhavn, DemoCast.Yuki, "DNS of four country sites. A wrong record is online within a minute.",
            new("Password", "it@nordhavn.example", "https://dash.cloudflare.com"),
            new("API token", "dns-edit", "https://dash.cloudflare.com/profile/api-tokens", SecretShape.ApiKey)) { Risk = RiskLevel.High },
        new(NordhavnMeta, ExternalShared, "Instagram", Nordhavn, DemoCast.Leila, "Stories are planned a week ahead; the calendar is pinned in the channel.",
            new DemoCredential("Password", "nordhavncoffee", "https://www.instagram.com")),
        new("Nordhavn Coffee – HubSpot", ManagedShared, "HubSpot", Nordhavn, DemoCast.Amara, "", new DemoCredential("Password", "crm@nordhavn.example", "https://app.hubspot.com")),
        new("Nordhavn Coffee – HubSpot forms", OAuthApp, "HubSpot", Nordhavn, null, "Connects the wholesale form with the CRM.",
            new DemoCredential("Client secret", "wholesale-form", "https://developers.hubspot.com", SecretShape.ClientSecret)),

        new(KestrelLinkedIn, ExternalShared, "LinkedIn", Kestrel, DemoCast.Leila, "Super admin is the client's head of brand. We are content admin.",
            new DemoCredential("Password", "brand@kestrel.example", "https://www.linkedin.com")),
        new(KestrelAws, ServiceAccount, "AWS", Kestrel, DemoCast.Tomasz, VeryLong,
            new("Access key", "microsite-admin", "https://console.aws.amazon.com", SecretShape.ApiKey),
            new("Recovery codes", "microsite-admin", "https://console.aws.amazon.com/iam", SecretShape.RecoveryCodes)),
        new("Kestrel Outdoor – YouTube", ExternalShared, "YouTube", Kestrel, null, "", new DemoCredential("Password", "video@kestrel.example", "https://studio.youtube.com")),
        new("Kestrel Outdoor – Weather widget", ApiKey, "OpenWeather", Kestrel, DemoCast.Yuki, "Free plan, 1,000 calls a day.",
            new DemoCredential("API key", "trail-weather", "https://home.openweathermap.org", SecretShape.ApiKey)) { Risk = RiskLevel.Low },

        new(SahabMeta, ExternalShared, "Meta Business", Sahab, DemoCast.Leila, RightToLeft, new DemoCredential("Password", "social@sahab.example", "https://business.facebook.com")),
        new("Sahab Travel – Snapchat Ads", ExternalShared, "Snapchat Ads", Sahab, DemoCast.Leila, "", new DemoCredential("Password", "ads@sahab.example", "https://ads.snapchat.com")),
        new("Sahab Travel – Booking feed", ServiceAccount, "Amadeus", Sahab, null, "Rates refresh at 02:00 Riyadh time.",
            new DemoCredential("Client secret", "sahab-feed", "https://developers.amadeus.com", SecretShape.ClientSecret)),

        new(TidewaterTickets, ExternalShared, "Eventbrite", Tidewater, DemoCast.Amara, "Doors, sold-out notices and refunds. The festival office has no night shift.",
            new DemoCredential("Password", "tickets@tidewater.example", "https://www.eventbrite.com")),
        new(TidewaterMail, ExternalShared, "Mailchimp", Tidewater, DemoCast.Leila, "Emergency mailings to ticket holders are drafted as templates beginning with SAFETY.",
            new DemoCredential("Password", "crew@tidewater.example", "https://login.mailchimp.com")),
        new("Tidewater Festival – Crew SMS", ApiKey, "Twilio", Tidewater, DemoCast.Amara, "", new DemoCredential("Auth token", "crew-sms", "https://console.twilio.com", SecretShape.ApiKey)),
        new(Retired, ExternalShared, "Vimeo", Tidewater, null, "Last year's after-movie.", new DemoCredential("Password", "film@tidewater.example", "https://vimeo.com")),

        new("Okonkwo & Daughters – Google Business", ExternalShared, "Google Business Profile", Okonkwo, DemoCast.Chloe, "",
            new DemoCredential("Password", "office@okonkwo.example", "https://business.google.com")),
        new("Okonkwo & Daughters – Calendly", OAuthApp, "Calendly", Okonkwo, null, "Books first consultations from the landing page.",
            new DemoCredential("Client secret", "consultations", "https://developer.calendly.com", SecretShape.ClientSecret)),

        new(OwnDns, ManagedShared, "Cloudflare", "", DemoCast.Tomasz, "Our own domains.", new DemoCredential("Password", "it@northlight.example", "https://dash.cloudflare.com") { HasOneTimeCodes = true }) { Risk = RiskLevel.Critical },
        new(OwnGitHub, ManagedShared, "GitHub", "", DemoCast.Amara, "Owner seat for the night somebody must be let in; everyday work has seats of its own.",
            new DemoCredential("Password", "northlight-owner", "https://github.com/login") { HasOneTimeCodes = true, HasRecoveryCodes = true }) { Risk = RiskLevel.Critical },
        new("Northlight – Status page bot", ServiceAccount, "Atlassian Statuspage", "", null, "", new DemoCredential("API key", "status-bot", "https://manage.statuspage.io", SecretShape.ApiKey)),
    ];
}
