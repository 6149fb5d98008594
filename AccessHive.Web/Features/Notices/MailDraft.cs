using System.Globalization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Notices;

namespace AccessHive.Web.Features.Notices;

/// <summary>What is typed on the Notices card, as it is typed.</summary>
public sealed record MailDraft(bool On, string Host, string Port, MailSecurity Security, string UserName, string From, string PublicAddress)
{
    /// <summary>The values in force, to be edited; a new card proposes the address this page was opened by.</summary>
    public static MailDraft Of(MailServer mail, string here) => new(
        mail.On, mail.Host, mail.Port.ToString(CultureInfo.InvariantCulture), mail.Security, mail.UserName, mail.From, mail.PublicAddress.Length > 0 ? mail.PublicAddress : here.TrimEnd('/'));

    /// <summary>What is typed, as values; a port that is no number is none.</summary>
    public MailServer Server => new MailServer(On, Host, int.TryParse(Port, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0, Security, UserName, From, PublicAddress).Trimmed();

    /// <summary>Why it can't be saved.</summary>
    public Refusal? Refused => Server.Check();
}

/// <summary>Words of the card.</summary>
public static class MailWords
{
    /// <summary>How a line is protected.</summary>
    public static string For(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => "STARTTLS (usual, port 587)",
        MailSecurity.Tls => "TLS from the first byte (port 465)",
        MailSecurity.None => "Not protected (only a server on this machine)",
        _ => throw new InvalidOperationException("Unknown protection."),
    };

    /// <summary>What differs, a setting each.</summary>
    public static IReadOnlyList<string> Between(MailServer before, MailServer after)
    {
        List<string> words = [];
        if (before.On != after.On)
            words.Add($"e-mail {(after.On ? "on" : "off")}");
        if (before.Host != after.Host || before.Port != after.Port)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"server {after.Host}:{after.Port}"));
        if (before.Security != after.Security)
            words.Add(For(after.Security));
        if (before.UserName != after.UserName)
            words.Add(after.UserName.Length > 0 ? $"user name {after.UserName}" : "no user name");
        if (before.From != after.From)
            words.Add($"sender {after.From}");
        if (before.PublicAddress != after.PublicAddress)
            words.Add($"address {after.PublicAddress}");
        return words;
    }
}
