using System.Net;
using System.Net.Sockets;

namespace AccessHive.Core.Connectors;

/// <summary>
/// Where webhooks may go: to public addresses, and to hosts that the person who runs AccessHive has named. Otherwise
/// whoever may write a plan could make the server knock at its own network's doors.
/// </summary>
/// <param name="AllowedHosts">Names or addresses as they stand in a plan, which may be anywhere; upper and lower case are the same.</param>
public sealed record WebhookReach(IReadOnlyCollection<string> AllowedHosts)
{
    private static readonly IPNetwork[] notPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            // Of IPv6 only what is given out to the world is public (2000::/3), without what leads back into IPv4 or is kept for examples.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork givenOut = IPNetwork.Parse("2000::/3");

    /// <summary>Nothing is named: public addresses only.</summary>
    public static WebhookReach PublicOnly { get; } = new([]);

    /// <summary>Whether a connection to this address of this host may be made.</summary>
    /// <param name="host">The host of the plan.</param>
    /// <param name="address">What it resolved to for this very connection, so that a name that changes its mind helps nobody.</param>
    public bool Allows(string host, IPAddress address) => AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase) || IsPublic(address);

    /// <summary>Whether an address is one of the whole internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily == AddressFamily.InterNetworkV6 && !givenOut.Contains(plain))
            return false;
        return !notPublic.Any(network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain));
    }
}
