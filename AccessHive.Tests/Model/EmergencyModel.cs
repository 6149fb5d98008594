using AccessHive.Core.Kernel;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using NodaTime;

namespace AccessHive.Tests.Model;

/// <summary>
/// The rules of product.md once more, as plainly as they can be said and without a database: lists, and the answer each
/// command must give – <c>null</c> for yes, a refusal's code for no.
/// </summary>
public sealed class EmergencyModel(Instant start)
{
    public Instant Wall { get; private set; } = start;

    public Instant Now { get; private set; } = start;

    public List<Person> People { get; } = [];

    public List<Request> Requests { get; } = [];

    public List<Session> Sessions { get; } = [];

    public EmergencyRules Rules { get; private set; } = EmergencyRules.Default;

    /// <summary>The next end of a window or of a session, where lives are most interesting.</summary>
    public Instant? NextEdge => Requests.Where(r => r.State == RequestState.Pending).Select(r => r.DecideBy)
        .Concat(Sessions.Where(s => s.Ended is null).Select(s => s.EndsAt)).Where(i => i > Now).Select(i => (Instant?)i).Min();

    public void Tick(Duration by)
    {
        Wall += by;
        Now = Max(Now + by, Wall);
    }

    public void SetWall(Duration by)
    {
        Wall += by;
        Now = Max(Now, Wall);
    }

    /// <summary>A process that starts again knows the wall clock and the newest entry, and nothing else.</summary>
    public void Restart(Instant newestEntry) => Now = Max(Wall, newestEntry);

    public string? Raise(Person who, int credential, int minutes)
    {
        if (!who.Active)
            return "caller-not-active";
        if (!Eligible(who))
            return "not-eligible";
        if (minutes < 5 || Duration.FromMinutes(minutes) > Rules.MaximumDuration)
            return "duration-out-of-range";
        if (Requests.Any(r => r.Requester == who && r.Credential == credential && r.IsOpenAt(Now)))
            return "already-pending";
        if (Sessions.Any(s => s.Holder == who && s.Credential == credential && s.IsActiveAt(Now)))
            return "already-running";
        if (Running(who) >= 3)
            return "too-many-sessions";
        if (Requests.Count(r => r.Requester == who && r.RaisedAt > Now - Duration.FromHours(1)) >= 5 && !IsLastOwner(who))
            return "too-many-requests";

        SettleFor(who, credential);
        var request = new Request(who, credential, Duration.FromMinutes(minutes), Rules.MaximumDuration, Now, Now + Rules.ApprovalWindow);
        Requests.Add(request);
        if (!Rules.RequireApproval)
            Grant(request, null);
        return null;
    }

    public string? Decide(Person who, Request request, bool approve)
    {
        if (!who.Active)
            return "caller-not-active";
        if (request.Requester == who)
            return "own-request";
        if (!who.Roles.HasAny(Roles.Owner | Roles.Admin | Roles.Approver))
            return "not-approver";
        if (request.State != RequestState.Pending)
            return "already-decided";
        if (!request.IsOpenAt(Now))
            return "window-closed";
        if (!approve)
        {
            request.State = RequestState.Denied;
            return null;
        }

        if (!request.Requester.Active || !Eligible(request.Requester))
            return "requester-not-eligible";
        if (Running(request.Requester) >= 3)
            return "too-many-sessions";
        Grant(request, who);
        return null;
    }

    public string? Withdraw(Person who, Request request)
    {
        if (!who.Active)
            return "caller-not-active";
        if (request.Requester != who)
            return "not-your-request";
        if (request.State != RequestState.Pending)
            return "already-decided";
        if (!request.IsOpenAt(Now))
            return "window-closed";
        request.State = RequestState.Withdrawn;
        return null;
    }

    public string? Reveal(Person who, Session session)
    {
        if (!who.Active)
            return "caller-not-active";
        if (session.Holder != who)
            return "not-your-session";
        if (!session.IsActiveAt(Now))
            return "session-over";
        return Eligible(who) ? null : "no-longer-eligible";
    }

    public string? End(Person who, Session session)
    {
        if (!who.Active)
            return "caller-not-active";
        if (session.Holder != who)
            return "not-your-session";
        if (!session.IsActiveAt(Now))
            return "session-over";
        session.Ended = EndReason.EndedByHolder;
        return null;
    }

    public string? Revoke(Person who, Session session)
    {
        if (!who.Active)
            return "caller-not-active";
        if (!who.Roles.HasAny(Roles.Owner | Roles.Admin | Roles.SecurityOwner) && !(session.ApprovedBy == who && who.Roles.HasAny(Roles.Approver)))
            return "not-revoker";
        if (!session.IsActiveAt(Now))
            return "session-over";
        session.Ended = EndReason.Revoked;
        return null;
    }

    public void Settle()
    {
        foreach (var request in Requests.Where(r => r.State == RequestState.Pending && !r.IsOpenAt(Now)))
            request.State = RequestState.Lapsed;
        foreach (var session in Sessions.Where(s => s.Ended is null && Now >= s.EndsAt))
            session.Ended = EndReason.Expired;
    }

    public string? Save(EmergencyRules rules)
    {
        Rules = rules;
        Tighten();
        return null;
    }

    public string? ChangeRoles(Person person, Roles roles)
    {
        person.Roles = roles;
        Tighten();
        return null;
    }

    public string? Disable(Person person)
    {
        if (!person.Active)
            return "person-disabled";
        person.Active = false;
        Tighten();
        return null;
    }

    public string? Enable(Person person)
    {
        if (person.Active)
            return "not-disabled";
        person.Active = true;
        Tighten();
        return null;
    }

    private static Instant Max(Instant a, Instant b) => a > b ? a : b;

    private bool Eligible(Person who) => who.Roles.HasAny(Rules.EligibleRoles & ~Roles.Auditor);

    private int Running(Person who) => Sessions.Count(s => s.Holder == who && s.IsActiveAt(Now));

    private bool IsLastOwner(Person who) => who.Roles.HasAny(Roles.Owner) && !People.Any(p => p != who && p.Active && p.Roles.HasAny(Roles.Owner));

    private void Grant(Request request, Person? by)
    {
        SettleFor(request.Requester, request.Credential);
        request.State = RequestState.Approved;
        var limit = Duration.Min(request.Maximum, Rules.MaximumDuration);
        Sessions.Add(new Session(request.Requester, request.Credential, by, Now, Now + Duration.Min(request.AskedFor, limit), limit));
    }

    private void SettleFor(Person who, int credential)
    {
        foreach (var request in Requests.Where(r => r.Requester == who && r.Credential == credential && r.State == RequestState.Pending && !r.IsOpenAt(Now)))
            request.State = RequestState.Lapsed;
        foreach (var session in Sessions.Where(s => s.Holder == who && s.Credential == credential && s.Ended is null && Now >= s.EndsAt))
            session.Ended = EndReason.Expired;
    }

    private void Tighten()
    {
        foreach (var session in Sessions.Where(s => s.IsActiveAt(Now) && (!s.Holder.Active || !Eligible(s.Holder))))
            session.Ended = EndReason.Revoked;
    }

    public sealed class Person(PersonId id, Roles roles)
    {
        public PersonId Id => id;

        public Roles Roles { get; set; } = roles;

        public bool Active { get; set; } = true;
    }

    public sealed class Request(Person requester, int credential, Duration askedFor, Duration maximum, Instant raisedAt, Instant decideBy)
    {
        public RequestId Id { get; set; }

        public Person Requester => requester;

        public int Credential => credential;

        public Duration AskedFor => askedFor;

        public Duration Maximum => maximum;

        public Instant RaisedAt => raisedAt;

        public Instant DecideBy => decideBy;

        public RequestState State { get; set; } = RequestState.Pending;

        public bool IsOpenAt(Instant now) => State == RequestState.Pending && now < decideBy;
    }

    public sealed class Session(Person holder, int credential, Person? approvedBy, Instant startedAt, Instant endsAt, Duration limit)
    {
        public SessionId Id { get; set; }

        public Person Holder => holder;

        public int Credential => credential;

        public Person? ApprovedBy => approvedBy;

        public Instant StartedAt => startedAt;

        public Instant EndsAt => endsAt;

        public Duration Limit => limit;

        public EndReason? Ended { get; set; }

        public bool IsActiveAt(Instant now) => Ended is null && startedAt <= now && now < endsAt;
    }
}
