using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Core.Policies;
using Fluxor;

namespace AccessHive.Web.Features.Shared;

/// <summary>
/// Who is on this circuit and what they may do, as the database said last. It decides what is offered; what is allowed
/// is decided again, freshly, by every use case.
/// </summary>
[FeatureState]
public sealed record MeState(PersonId? Id, string Name, string Email, Roles Roles, EmergencyRules Rules, string Agency, bool IsDemo, bool IsLoaded)
{
    private MeState()
        : this(null, "", "", Roles.None, EmergencyRules.Default, "", IsDemo: false, IsLoaded: false)
    {
    }

    /// <summary>Whether they can start an emergency by the card as it is now.</summary>
    public bool IsEligible => Rules.IsEligible(Roles);

    /// <summary>Whether they hold at least one of these roles.</summary>
    public bool Has(Roles roles) => Roles.HasAny(roles);

    /// <summary>The person; for code that only runs once <see cref="IsLoaded"/>.</summary>
    public PersonId Self => Id ?? throw new InvalidOperationException("Nobody is loaded yet.");

    /// <summary>Takes what the database said.</summary>
    [ReducerMethod]
    public static MeState On(MeState state, MeLoaded loaded) => loaded.Me;
}

/// <summary>The circuit is ready: load what the shell shows.</summary>
public sealed record CircuitOpened(PersonId Person);

/// <summary>Who is here was read.</summary>
public sealed record MeLoaded(MeState Me);

/// <summary>Something was committed that this person may know of.</summary>
public sealed record FeedArrived(FeedItem Item);

/// <summary>Items were dropped: whoever shows something reads it again.</summary>
public sealed record FeedFellBehind;

/// <summary>Somebody asked to break the glass for a credential: the dialog opens over whatever page they are on.</summary>
/// <param name="Identity">The identity.</param>
/// <param name="Credential">The credential; the identity's first, if null.</param>
/// <param name="Continues">The session that wasn't long enough.</param>
public sealed record EmergencyAccessWanted(IdentityId Identity, CredentialId? Credential, SessionId? Continues = null);

/// <summary>Somebody wants to check a credential out in the usual way: the dialog opens over whatever page they are on.</summary>
/// <param name="Identity">The identity.</param>
/// <param name="Credential">The credential; the identity's first, if null.</param>
public sealed record CheckoutWanted(IdentityId Identity, CredentialId? Credential);
