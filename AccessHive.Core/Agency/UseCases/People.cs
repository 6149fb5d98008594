using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace AccessHive.Core.Agency.UseCases;

/// <summary>Invites somebody by a one-time link.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Email">Their address; each person has their own.</param>
/// <param name="Roles">What they may do.</param>
public sealed record InvitePerson(string Name, string Email, Roles Roles);

/// <summary>A link to hand over. Its token is shown once and kept nowhere.</summary>
/// <param name="Person">Whom it is for.</param>
/// <param name="Token">The secret part of the link.</param>
/// <param name="ExpiresAt">It works before this instant.</param>
public sealed record IssuedLink(PersonId Person, string Token, Instant ExpiresAt);

/// <summary>One row of the people page.</summary>
public sealed record PersonRow(PersonId Id, string Name, string Email, Roles Roles, Instant? JoinedAt, Instant? DisabledAt, Instant? InvitedUntil, long Version);

/// <summary>What people managers do: invite, change roles, disable, enable.</summary>
public sealed class ManagePeople(Work work, IDbContextFactory<HiveContext> contexts)
{
    /// <summary>Invites somebody.</summary>
    /// <returns>The link; or what <see cref="Person.Invite"/> refuses, or <c>email-taken</c>.</returns>
    public Task<Result<IssuedLink>> InviteAsync(PersonId caller, InvitePerson command, CancellationToken cancellation = default)
        => work.RunAsync<IssuedLink>(caller, About("invite a person", null), async turn =>
        {
            var invited = Person.Invite(turn.By, command.Name, command.Email, command.Roles, turn.Now);
            if (invited.IsRefused)
                return invited.Refusal;
            if (await turn.Db.People.AnyAsync(p => p.Email == invited.Value.Email, turn.Cancellation))
                return AgencyRefusals.EmailTaken;
            turn.Db.People.Add(invited.Value);
            return IssueLink(turn, invited.Value.Id);
        }, cancellation);

    /// <summary>Replaces the link of somebody who has not joined yet.</summary>
    /// <returns>The new link; or <c>not-people-manager</c>, <c>person-not-found</c>, <c>already-joined</c>.</returns>
    public Task<Result<IssuedLink>> RenewLinkAsync(PersonId caller, PersonId person, CancellationToken cancellation = default)
        => work.RunAsync<IssuedLink>(caller, About("renew an invitation", person), async turn =>
        {
            if (!turn.By.Has(RolePermissions.PeopleManagers))
                return AgencyRefusals.NotPeopleManager;
            var found = await turn.Db.People.FindAsync([person], turn.Cancellation);
            if (found is null)
                return AgencyRefusals.PersonNotFound;
            if (found.JoinedAt is not null)
                return AgencyRefusals.AlreadyJoined;
            if (found.Roles.HasAny(Roles.Owner) && !turn.By.Has(Roles.Owner))
                return AgencyRefusals.OwnerOnlyByOwner;
            foreach (var old in await turn.Db.Invitations.Where(i => i.Person == person && i.ClosedAt == null).ToListAsync(turn.Cancellation))
                old.Close(turn.Now);
            turn.Db.Note(new PersonInvited(turn.Now, turn.By, person, found.Name, found.Roles));
            return IssueLink(turn, person);
        }, cancellation);

    /// <summary>Gives a person exactly these roles; sessions they may not hold any more are revoked with it.</summary>
    /// <returns>Done; or what <see cref="Person.ChangeRoles"/> refuses, or <c>person-not-found</c>.</returns>
    public Task<Result<Done>> ChangeRolesAsync(PersonId caller, PersonId person, Roles roles, CancellationToken cancellation = default)
        => ChangeAsync(caller, person, "change a person's roles", "Your roles changed and no longer allow emergency access.",
            (found, turn, owners) => found.ChangeRoles(turn.By, roles, owners, turn.Now), cancellation);

    /// <summary>Disables a person: sign-ins and running sessions end with it.</summary>
    /// <returns>Done; or what <see cref="Person.Disable"/> refuses, or <c>person-not-found</c>.</returns>
    public Task<Result<Done>> DisableAsync(PersonId caller, PersonId person, CancellationToken cancellation = default)
        => ChangeAsync(caller, person, "disable a person", "The holder was disabled.",
            (found, turn, owners) => found.Disable(turn.By, owners, turn.Now), cancellation);

    /// <summary>Lets a disabled person back in.</summary>
    /// <returns>Done; or what <see cref="Person.Enable"/> refuses, or <c>person-not-found</c>.</returns>
    public Task<Result<Done>> EnableAsync(PersonId caller, PersonId person, CancellationToken cancellation = default)
        => ChangeAsync(caller, person, "enable a person", "", (found, turn, _) => found.Enable(turn.By, turn.Now), cancellation);

    /// <summary>Everybody, by name.</summary>
    public async Task<IReadOnlyList<PersonRow>> ListAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.People.AsNoTracking().OrderBy(p => EF.Functions.Collate(p.Name, "NOCASE"))
            .Select(p => new PersonRow(p.Id, p.Name, p.Email, p.Roles, p.JoinedAt, p.DisabledAt,
                db.Invitations.Where(i => i.Person == p.Id && i.ClosedAt == null).Max(i => (Instant?)i.ExpiresAt), p.Version))
            .ToListAsync(cancellation);
    }

    private static IssuedLink IssueLink(Turn turn, PersonId person)
    {
        var (invitation, token) = Invitation.Issue(person, turn.Now);
        turn.Db.Invitations.Add(invitation);
        return new IssuedLink(person, token, invitation.ExpiresAt);
    }

    private static Attempt About(string what, PersonId? person) => new(what, Emergency: false, new Subject(person));

    private Task<Result<Done>> ChangeAsync(
        PersonId caller, PersonId person, string what, string revokeWords, Func<Person, Turn, int, Result<Done>> change, CancellationToken cancellation)
        => work.RunAsync(caller, About(what, person), async turn =>
        {
            if (await turn.Db.People.FindAsync([person], turn.Cancellation) is not { } found)
                return AgencyRefusals.PersonNotFound;
            var others = await turn.Db.People.CountAsync(
                p => p.Id != person && p.JoinedAt != null && p.DisabledAt == null && (p.Roles & Roles.Owner) == Roles.Owner, turn.Cancellation);
            var result = change(found, turn, others);
            if (!result.IsRefused)
                await Tightening.RevokeWhereLostAsync(turn, await turn.Db.EmergencyPolicies.SingleAsync(turn.Cancellation), revokeWords);
            return result;
        }, cancellation);
}
