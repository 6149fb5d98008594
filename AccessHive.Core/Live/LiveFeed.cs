using System.Threading.Channels;
using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Live;

/// <summary>That something was committed: kind, ids and time, never more. Who wants to know what, reads it.</summary>
public sealed record FeedItem(
    long Seq, Instant At, string Type, bool Emergency, PersonId? Actor, PersonId? Person, IdentityId? Identity, CredentialId? Credential, RequestId? Request, SessionId? Session);

/// <summary>
/// Fans committed entries out to whoever is here. Each listener has a bounded channel; who falls behind is told so once,
/// and reads a snapshot again instead of every missed item. Nobody waits for anybody.
/// </summary>
public sealed class LiveFeed
{
    private const int Capacity = 256;
    private readonly Lock gate = new();
    private readonly HashSet<Listener> listeners = [];

    /// <summary>How many are listening.</summary>
    public int Listeners
    {
        get
        {
            lock (gate)
                return listeners.Count;
        }
    }

    /// <summary>Starts listening. Subscribe first and read the snapshot then: nothing can fall between.</summary>
    public Listener Subscribe()
    {
        var listener = new Listener(this);
        lock (gate)
            listeners.Add(listener);
        return listener;
    }

    /// <summary>Hands an item to everybody: the pump what was committed to the trail, Notices that a receipt moved.</summary>
    public void Publish(FeedItem item)
    {
        Listener[] now;
        lock (gate)
            now = [.. listeners];
        foreach (var listener in now)
            listener.Offer(item);
    }

    /// <summary>One listener. Disposing ends its stream.</summary>
    public sealed class Listener : IDisposable
    {
        private readonly LiveFeed feed;
        private readonly Channel<FeedItem?> channel = Channel.CreateBounded<FeedItem?>(new BoundedChannelOptions(Capacity) { SingleReader = true });
        private int behind;

        internal Listener(LiveFeed feed) => this.feed = feed;

        /// <summary>The items from now on. A null means: some were dropped, read a snapshot.</summary>
        public async IAsyncEnumerable<FeedItem?> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            while (await channel.Reader.WaitToReadAsync(cancellation))
            {
                while (TryRead(out var item))
                    yield return item;
            }
        }

        /// <summary>The next item, if one has arrived; null as an item means: some were dropped, read a snapshot.</summary>
        public bool TryRead(out FeedItem? item)
        {
            item = null;
            do
            {
                if (Interlocked.Exchange(ref behind, 0) == 1)
                {
                    item = null;
                    return true;
                }
            }
            while (channel.Reader.TryRead(out item) && item is null); // a null only calls the reader to wake up and ask again
            return item is not null;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (feed.gate)
                feed.listeners.Remove(this);
            channel.Writer.TryComplete();
        }

        internal void Offer(FeedItem item)
        {
            if (channel.Writer.TryWrite(item))
                return;
            Interlocked.Exchange(ref behind, 1);
            // The reader may have emptied the channel meanwhile and wait for more: this wakes it to hear that it fell behind.
            channel.Writer.TryWrite(null);
        }
    }
}

/// <summary>Who sees an event. The one place that says so.</summary>
public static class Audience
{
    /// <summary>Whether this person, with these roles, may learn that it happened.</summary>
    public static bool Sees(PersonId reader, Roles roles, FeedItem item)
    {
        if (item.Actor == reader || item.Person == reader)
            return true;
        if (roles.HasAny(RolePermissions.TrailReaders))
            return true;
        return item.Type switch
        {
            var t when t.StartsWith("request.", StringComparison.Ordinal) => roles.HasAny(RolePermissions.Deciders),
            var t when t.StartsWith("session.", StringComparison.Ordinal) => roles.HasAny(RolePermissions.Deciders),
            // Who decided an emergency reads along in its case.
            var t when t.StartsWith("case.", StringComparison.Ordinal) => roles.HasAny(RolePermissions.Deciders),
            // What the vault holds and who may break the glass concerns everybody who works here.
            var t when t.StartsWith("policy.", StringComparison.Ordinal) => true,
            var t when t.StartsWith("identity.", StringComparison.Ordinal) || t.StartsWith("credential.", StringComparison.Ordinal) => true,
            // Whether a secret is still exposed stands on its identity's page; how it is changed concerns those who do it.
            "rotation.verified" => true,
            var t when t.StartsWith("rotation.", StringComparison.Ordinal) => roles.HasAny(RolePermissions.VaultManagers),
            // The agency's name stands on every page, and a lifted block decides what an emergency takes.
            "agency.settings-changed" or "reviews.block-lifted" => true,
            // Who works here, and as what, stands on a page that everybody can open.
            "person.invited" or "person.joined" or "person.roles-changed" or "person.disabled" or "person.enabled" => true,
            _ => false,
        };
    }
}
