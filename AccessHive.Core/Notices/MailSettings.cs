using System.Globalization;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Notices;

/// <summary>How the line to the mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>Begun in clear, and encrypted before anything is said (port 587).</summary>
    StartTls,

    /// <summary>Encrypted from the first byte (port 465).</summary>
    Tls,

    /// <summary>Not at all; only to a server on this machine.</summary>
    None,
}

/// <summary>By which server notices are mailed.</summary>
/// <param name="On">Whether they are.</param>
/// <param name="Host">The server's name or address.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Security">How the line is protected.</param>
/// <param name="UserName">The name to sign in with; empty, if the server wants none.</param>
/// <param name="From">The address mails come from.</param>
/// <param name="PublicAddress">Where people reach the product, for links: <c>https://access.agency.example</c>.</param>
public sealed record MailServer(bool On, string Host, int Port, MailSecurity Security, string UserName, string From, string PublicAddress)
{
    /// <summary>Longest host name, user name, sender and address kept.</summary>
    public const int TextLength = 254;

    /// <summary>Longest password, in bytes.</summary>
    public const int PasswordLength = 1024;

    /// <summary>No mail yet.</summary>
    public static MailServer None { get; } = new(On: false, "", 587, MailSecurity.StartTls, "", "", "");

    /// <summary>The same without blanks around, and without a slash at the end of the address.</summary>
    public MailServer Trimmed() => this with { Host = Host.Trim(), UserName = UserName.Trim(), From = From.Trim(), PublicAddress = PublicAddress.Trim().TrimEnd('/') };

    /// <summary>Checks the values. Those of a server that is off may be missing, but not wrong.</summary>
    /// <returns>
    /// Nothing when they hold; or <c>mail-host-not-usable</c>, <c>mail-port-out-of-range</c>, <c>mail-line-not-protected</c>, <c>mail-user-not-usable</c>,
    /// <c>mail-sender-not-usable</c>, <c>public-address-not-usable</c>.
    /// </returns>
    public Refusal? Check()
    {
        if (Host.Length == 0 ? On : !IsHost(Host))
            return NoticeRefusals.MailHostNotUsable;
        if (Port is < 1 or > 65535)
            return NoticeRefusals.MailPortOutOfRange;
        if (!Enum.IsDefined(Security) || (Security == MailSecurity.None && Host.Length > 0 && !IsHere(Host)))
            return NoticeRefusals.MailLineNotProtected;
        if (UserName.Length > TextLength || UserName.Any(char.IsControl))
            return NoticeRefusals.MailUserNotUsable;
        if (From.Length == 0 ? On : !IsMailAddress(From))
            return NoticeRefusals.MailSenderNotUsable;
        return (PublicAddress.Length == 0 ? On : !IsPublicAddress(PublicAddress)) ? NoticeRefusals.PublicAddressNotUsable : null;
    }

    /// <summary>Whether a password that was given for these may be shown to those: to the same server, by the same name, over a line that is protected no worse.</summary>
    public bool MayKeepPasswordOf(MailServer before)
        => string.Equals(Host, before.Host, StringComparison.OrdinalIgnoreCase) && Port == before.Port && UserName == before.UserName && UserName.Length > 0
            && (Security == before.Security || before.Security == MailSecurity.None);

    /// <summary>Whether this is a plain address, <c>name@host</c>, in ASCII and without anything that means something to a mail server.</summary>
    public static bool IsMailAddress(string address)
        => address.Length is > 2 and <= TextLength && address.Split('@') is [{ Length: > 0 and <= 64 } name, { Length: > 0 } host]
            && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal)) && IsHost(host) && !host.Contains(':', StringComparison.Ordinal);

    private static bool IsHost(string host)
        => host.Length <= TextLength && Uri.CheckHostName(host) != UriHostNameType.Unknown && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '_');

    private static bool IsHere(string host)
        => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || host is "::1" || (host.StartsWith("127.", StringComparison.Ordinal) && Uri.CheckHostName(host) == UriHostNameType.IPv4);

    private static bool IsPublicAddress(string address)
        => address.Length <= TextLength && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0 && !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '"' or '<' or '>');
}

/// <summary>
/// The Notices card. One row, from the first time it is saved. The password of the mail server lies elsewhere, sealed;
/// here is only whether there is one.
/// </summary>
public sealed class NoticeSettings : Aggregate
{
    private NoticeSettings()
    {
    }

    /// <summary>There is one row, and this is its key.</summary>
    public int Id { get; private set; } = 1;

    /// <summary>The mail server.</summary>
    public MailServer Mail { get; private set; } = MailServer.None;

    /// <summary>Whether a password is kept for it.</summary>
    public bool HasPassword { get; private set; }

    /// <summary>Counts the saved edits, from 0.</summary>
    public int Revision { get; private set; }

    /// <summary>When it was last edited.</summary>
    public Instant? EditedAt { get; private set; }

    /// <summary>Who last edited it.</summary>
    public PersonId? EditedBy { get; private set; }

    /// <summary>The settings of an agency that has saved none.</summary>
    public static NoticeSettings Default() => new();

    /// <summary>
    /// Saves new values; in force with the commit. A password that was given for another server, another name or a better
    /// protected line is forgotten: nobody gets it by putting another host in its server's place.
    /// </summary>
    /// <param name="by">The editor, with fresh roles.</param>
    /// <param name="mail">All values from now on.</param>
    /// <param name="madeOn">The revision the editor was looking at.</param>
    /// <param name="now">The transaction's instant.</param>
    /// <returns>Done; or <c>not-settings-editor</c>, <c>notices-changed-meanwhile</c>, or what <see cref="MailServer.Check"/> refuses.</returns>
    public Result<Done> Edit(Actor by, MailServer mail, int madeOn, Instant now)
    {
        if (!by.Has(RolePermissions.SettingsEditors))
            return NoticeRefusals.NotSettingsEditor;
        if (madeOn != Revision)
            return NoticeRefusals.ChangedMeanwhile;
        var wanted = mail.Trimmed();
        if (wanted.Check() is { } refused)
            return refused;
        if (wanted == Mail)
            return Done.Yes;
        var before = Mail;
        var forgets = HasPassword && !wanted.MayKeepPasswordOf(before);
        Mail = wanted;
        HasPassword = HasPassword && !forgets;
        Note(by, now, new NoticeSettingsChanged(now, by, before, wanted, forgets ? "forgotten" : ""));
        return Done.Yes;
    }

    /// <summary>A password was entered; the caller seals it in the same transaction.</summary>
    /// <returns>Done; or <c>not-settings-editor</c>, <c>mail-user-not-usable</c>: there is no name it could belong to.</returns>
    public Result<Done> EnterPassword(Actor by, Instant now)
    {
        if (!by.Has(RolePermissions.SettingsEditors))
            return NoticeRefusals.NotSettingsEditor;
        if (Mail.UserName.Length == 0)
            return NoticeRefusals.MailUserNotUsable;
        HasPassword = true;
        Note(by, now, new NoticeSettingsChanged(now, by, Mail, Mail, "entered"));
        return Done.Yes;
    }

    private void Note(Actor by, Instant now, DomainEvent happened)
    {
        (EditedAt, EditedBy) = (now, by.Id);
        Revision++;
        Raise(happened);
    }
}

/// <summary>The Notices card was saved: old and new values, never the password.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Before">The server before.</param>
/// <param name="After">The server from now on.</param>
/// <param name="Password">What became of the password: entered, forgotten, or nothing.</param>
public sealed record NoticeSettingsChanged(Instant At, Actor By, MailServer Before, MailServer After, string Password) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "notices.settings-changed";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        Change(facts, "e-mail", Before.On ? "on" : "off", After.On ? "on" : "off");
        Change(facts, "server", Line(Before), Line(After));
        Change(facts, "line", Words(Before.Security), Words(After.Security));
        Change(facts, "user name", Before.UserName, After.UserName);
        Change(facts, "sender", Before.From, After.From);
        Change(facts, "public address", Before.PublicAddress, After.PublicAddress);
        facts.Add("password", Password);
    }

    private static string Line(MailServer server) => server.Host.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}");

    private static string Words(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => "STARTTLS",
        MailSecurity.Tls => "TLS",
        MailSecurity.None => "not protected",
        _ => "",
    };

    private static void Change(Facts facts, string what, string before, string after)
    {
        if (before != after)
            facts.Add(what, $"{(before.Length == 0 ? "none" : before)} → {(after.Length == 0 ? "none" : after)}");
    }
}

/// <summary>Somebody tried whether mail gets through.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who; the mail went to their own address.</param>
/// <param name="Answer">What came of it, in words.</param>
public sealed record MailTested(Instant At, Actor By, string Answer) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "notices.mail-tested";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("answer", Answer);
}

/// <summary>Somebody asked for mails that were given up to be tried again.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Mails">How many.</param>
public sealed record MailRetried(Instant At, Actor By, int Mails) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "notices.mail-retried";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("mails", Mails.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Somebody wants mail, or wants none but what is urgent.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who; for themselves.</param>
/// <param name="WantsMail">Which of the two.</param>
public sealed record MailChosen(Instant At, Actor By, bool WantsMail) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "notices.mail-chosen";

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("e-mail", WantsMail ? "everything" : "urgent only");
}

/// <summary>How somebody wants to be told. Who has chosen nothing has no row.</summary>
public sealed class NoticeChoice : Aggregate
{
    /// <summary>Longest name of a zone.</summary>
    public const int ZoneLength = 60;

    private NoticeChoice()
    {
    }

    /// <summary>Whose.</summary>
    public PersonId PersonId { get; private set; }

    /// <summary>Whether mails come that are not urgent. Urgent ones always do.</summary>
    public bool WantsMail { get; private set; } = true;

    /// <summary>The IANA zone their browser was in last; empty, if nobody knows.</summary>
    public string Zone { get; private set; } = "";

    /// <summary>The choice of somebody who has made none.</summary>
    public static NoticeChoice Of(PersonId person) => new() { PersonId = person };

    /// <summary>Wants mail, or none but what is urgent.</summary>
    public void Choose(Actor by, bool wantsMail, Instant now)
    {
        if (wantsMail == WantsMail)
            return;
        WantsMail = wantsMail;
        Raise(new MailChosen(now, by, wantsMail));
    }

    /// <summary>Their browser says in which zone it is. Nothing for the trail.</summary>
    public void IsIn(string zone) => Zone = zone.Length <= ZoneLength ? zone : Zone;
}

/// <summary>Why Notices says no.</summary>
public static class NoticeRefusals
{
    /// <summary>Only Owner and Admin edit the card.</summary>
    public static readonly Refusal NotSettingsEditor = new("not-settings-editor");

    /// <summary>Somebody else saved while the editor was typing.</summary>
    public static readonly Refusal ChangedMeanwhile = new("notices-changed-meanwhile");

    /// <summary>Not a host name or address.</summary>
    public static readonly Refusal MailHostNotUsable = new("mail-host-not-usable");

    /// <summary>1 to 65535.</summary>
    public static readonly Refusal MailPortOutOfRange = new("mail-port-out-of-range");

    /// <summary>Only a server on this machine is spoken to in clear.</summary>
    public static readonly Refusal MailLineNotProtected = new("mail-line-not-protected");

    /// <summary>Too long, not plain text – or missing where a password is to belong to it.</summary>
    public static readonly Refusal MailUserNotUsable = new("mail-user-not-usable");

    /// <summary>Not a plain mail address.</summary>
    public static readonly Refusal MailSenderNotUsable = new("mail-sender-not-usable");

    /// <summary>Not an address that begins with https:// or http://.</summary>
    public static readonly Refusal PublicAddressNotUsable = new("public-address-not-usable");

    /// <summary>1 to 1,024 bytes in one line.</summary>
    public static readonly Refusal MailPasswordNotUsable = new("mail-password-not-usable");

    /// <summary>E-mail is switched off, so there is nothing to test or to try again.</summary>
    public static readonly Refusal MailIsOff = new("mail-is-off");

    /// <summary>It went out meanwhile, or is being tried already.</summary>
    public static readonly Refusal NoticeNotGivenUp = new("notice-not-given-up");
}
