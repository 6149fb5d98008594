using System.Globalization;
using System.Text;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;

namespace AccessHive.Web.Features.Vault;

/// <summary>
/// What the list shows, as the address bar says it. Anything may stand there: what makes no sense is read as not said,
/// and what is too long is cut.
/// </summary>
/// <param name="Filter">What it is narrowed to.</param>
/// <param name="Page">From 1.</param>
public sealed record ListAddress(IdentityFilter Filter, int Page)
{
    private const string Path = "identities";

    /// <summary>Whether anything is left out.</summary>
    public bool IsNarrowed => Filter.Search.AsSpan().Trim().Length > 0 || Filter.Type is not null || Filter.Client.Length > 0 || Filter.Platform.Length > 0 || Filter.Archived || Filter.Exposed;

    /// <summary>The address; what is as usual is left out of it.</summary>
    public string Href
    {
        get
        {
            var query = new StringBuilder();
            Say(query, "q", Filter.Search);
            Say(query, "type", Filter.Type?.ToString());
            Say(query, "client", Filter.Client);
            Say(query, "platform", Filter.Platform);
            Say(query, "archived", Filter.Archived ? "true" : "");
            Say(query, "exposed", Filter.Exposed ? "true" : "");
            Say(query, "page", Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : "");
            return Path + query;
        }
    }

    /// <summary>Reads the address.</summary>
    public static ListAddress Read(string? search, string? type, string? client, string? platform, string? archived, string? page, string? exposed = null) => new(
        new IdentityFilter(
            Cut(search, IdentityFilter.SearchLength),
            Enum.TryParse<IdentityType>(type, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null,
            Cut(client, IdentityDetails.ClientLength),
            Cut(platform, IdentityDetails.PlatformLength),
            archived is "true",
            exposed is "true"),
        int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, IdentityQueries.LastPage) : 1);

    /// <summary>The first page of something else.</summary>
    public ListAddress With(IdentityFilter filter) => new(filter, 1);

    /// <summary>No longer than its field.</summary>
    public static string Cut(string? text, int length) => text is null ? "" : text.Length > length ? text[..length] : text;

    private static void Say(StringBuilder query, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }
}
