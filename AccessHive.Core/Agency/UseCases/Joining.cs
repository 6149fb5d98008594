using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Agency.UseCases;

/// <summary>What the first owner enters behind the setup link.</summary>
/// <param name="AgencyName">1 to 100 characters.</param>
/// <param name="Zone">An IANA zone.</param>
/// <param name="Name">The owner's name.</param>
/// <param name="Email">The owner's address.</param>
/// <param name="Password">12 to 128 characters.</param>
public sealed record FoundAgency(string AgencyName, string Zone, string Name, string Email, string Password);

/// <summary>What a link is for, before it is used.</summary>
/// <param name="IsSetup">It makes the first owner.</param>
/// <param name="Name">The invited person's name.</param>
/// <param name="Email">The invited person's address.</param>
public sealed record OpenLink(bool IsSetup, string Name, string Email);

/// <summary>How people get in for the first time: the setup link of a new house, and the links of invited people.</summary>
public sealed class Joining(Work work, IDbContextFactory<HiveContext> contexts, HiveClock clock, IPasswordHasher<SignInAccount> hasher, ILookupProtector lookup)
{
    /// <summary>Fewest characters of a password; there are no composition rules (security.md).</summary>
    public const int ShortestPassword = 12;

    /// <summary>Most characters of a password.</summary>
    public const int LongestPassword = 128;

    /// <summary>Whether nobody has ever joined: the house still waits for its first owner.</summary>
    public async Task<bool> NeedsSetupAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return !await db.People.AnyAsync(p => p.JoinedAt != null, cancellation);
    }

    /// <summary>A new setup link; earlier ones stop working.</summary>
    /// <returns>The token; or <c>already-joined</c> when the house has an owner.</returns>
    public Task<Result<string>> IssueSetupLinkAsync(CancellationToken cancellation = default)
        => work.RunAsAsync<string>(Actor.Console, async turn =>
        {
            if (await turn.Db.People.AnyAsync(p => p.JoinedAt != null, turn.Cancellation))
                return AgencyRefusals.AlreadyJoined;
            foreach (var old in await turn.Db.Invitations.Where(i => i.Person == null && i.ClosedAt == null).ToListAsync(turn.Cancellation))
                old.Close(turn.Now);
            var (invitation, token) = Invitation.Issue(null, turn.Now);
            turn.Db.Invitations.Add(invitation);
            return token;
        }, cancellation);

    /// <summary>What a link is for, or nothing when it doesn't work (any more).</summary>
    public async Task<OpenLink?> LookAtAsync(string token, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await FindAsync(db, token, clock.Now, cancellation) is not { } invitation)
            return null;
        var person = invitation.Person is { } id ? await db.People.FindAsync([id], cancellation) : null;
        return person is { DisabledAt: not null } ? null : new OpenLink(invitation.Person is null, person?.Name ?? "", person?.Email ?? "");
    }

    /// <summary>Founds the agency with its first owner.</summary>
    /// <returns>The owner; or <c>link-not-valid</c>, <c>already-joined</c>, <c>name-missing</c>, <c>email-invalid</c>, <c>password-too-weak</c>.</returns>
    public Task<Result<PersonId>> FoundAsync(string token, FoundAgency command, bool demo = false, CancellationToken cancellation = default)
        => work.RunAsAsync<PersonId>(Actor.Console, async turn =>
        {
            if (await FindAsync(turn.Db, token, turn.Now, turn.Cancellation) is not { Person: null } invitation)
                return AgencyRefusals.LinkNotValid;
            if (await turn.Db.People.AnyAsync(p => p.JoinedAt != null, turn.Cancellation))
                return AgencyRefusals.AlreadyJoined;
            var agency = command.AgencyName.Trim();
            if (agency.Length is 0 or > Person.NameLength)
                return AgencyRefusals.NameMissing;
            if (PasswordRefused(command.Password) is { } weak)
                return weak;
            var invited = Person.Invite(Actor.Console, command.Name, command.Email, Roles.Owner, turn.Now);
            if (invited.IsRefused)
                return invited.Refusal;

            var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(command.Zone) is null ? "Etc/UTC" : command.Zone;
            turn.Db.People.Add(invited.Value);
            turn.Db.Agency.Add(AgencySettings.Found(Actor.Console, agency, zone, demo, turn.Now));
            turn.Db.EmergencyPolicies.Add(EmergencyPolicy.Default());
            turn.Db.ApprovalPolicies.Add(ApprovalPolicy.Default());
            turn.Db.ApproverLists.Add(ApproverList.Default());
            return Join(turn, invited.Value, invitation, command.Password);
        }, cancellation);

    /// <summary>Accepts an invitation by choosing a password.</summary>
    /// <returns>The person; or <c>link-not-valid</c>, <c>password-too-weak</c>, <c>already-joined</c>, <c>person-disabled</c>.</returns>
    public Task<Result<PersonId>> AcceptAsync(string token, string password, CancellationToken cancellation = default)
        => work.RunAsAsync<PersonId>(Actor.Console, async turn =>
        {
            if (await FindAsync(turn.Db, token, turn.Now, turn.Cancellation) is not { Person: { } id } invitation)
                return AgencyRefusals.LinkNotValid;
            if (PasswordRefused(password) is { } weak)
                return weak;
            var person = await turn.Db.People.FindAsync([id], turn.Cancellation);
            return person is null ? AgencyRefusals.LinkNotValid : Join(turn, person, invitation, password);
        }, cancellation);

    private static Refusal? PasswordRefused(string password) => password.Length switch
    {
        < ShortestPassword => AgencyRefusals.PasswordTooWeak.With("why", "short"),
        > LongestPassword => AgencyRefusals.PasswordTooWeak.With("why", "long"),
        _ => null,
    };

    private static async Task<Invitation?> FindAsync(HiveContext db, string token, Instant now, CancellationToken cancellation)
    {
        var hash = Invitation.HashOf(token);
        var invitation = await db.Invitations.SingleOrDefaultAsync(i => i.TokenHash == hash, cancellation);
        return invitation is not null && invitation.IsOpenAt(now) ? invitation : null;
    }

    private Result<PersonId> Join(Turn turn, Person person, Invitation invitation, string password)
    {
        if (person.Join(turn.Now) is { IsRefused: true, Refusal: { } refused })
            return refused;
        invitation.Close(turn.Now);
        var account = new SignInAccount
        {
            Id = person.Id.Value,
            UserName = person.Id.ToString(),
            NormalizedUserName = lookup.Protect("sha256", person.Id.ToString().ToUpperInvariant()),
            SecurityStamp = Guid.CreateVersion7().ToString("n"),
        };
        account.PasswordHash = hasher.HashPassword(account, password);
        turn.Db.Users.Add(account);
        return person.Id;
    }
}

/// <summary>What the sign-in page needs of Agency: who has this address, and the entries for what came of it.</summary>
public sealed class SignIns(Work work, IDbContextFactory<HiveContext> contexts)
{
    /// <summary>The active person with this address.</summary>
    public async Task<PersonId?> FindAsync(string email, CancellationToken cancellation = default)
    {
        var clean = email.Trim().ToLowerInvariant();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.People.Where(p => p.Email == clean && p.JoinedAt != null && p.DisabledAt == null)
            .Select(p => (PersonId?)p.Id).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>The person as the database knows them now; nobody, if they may not act.</summary>
    public async Task<Person?> FreshAsync(PersonId id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.JoinedAt != null && p.DisabledAt == null, cancellation);
    }

    /// <summary>Notes a sign-in.</summary>
    public Task<Result<Done>> SignedInAsync(PersonId id, CancellationToken cancellation = default)
        => work.RunAsAsync<Done>(Actor.Console, async turn =>
        {
            if (await turn.Db.People.FindAsync([id], turn.Cancellation) is not { IsActive: true } person)
                return AgencyRefusals.CallerNotActive;
            person.SignedIn(turn.Now);
            return Done.Yes;
        }, cancellation);

    /// <summary>Notes a failed sign-in of an existing person.</summary>
    public Task<Result<Done>> FailedAsync(PersonId id, CancellationToken cancellation = default)
        => work.RunAsAsync<Done>(Actor.Console, turn =>
        {
            turn.Db.Note(new SignInFailed(turn.Now, Actor.Console, id));
            return Task.FromResult<Result<Done>>(Done.Yes);
        }, cancellation);
}
