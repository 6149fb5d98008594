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
public sealed class AccessModel(Instant start)
{
    public Instant Wall { get; private set; } = start;

    public Instant Now { get; private set; } = start;

    public List<Person> People { get; } = [];

    public List<Request> Requests { get; } = [];

    public List<Session> Sessions { get; } = [];

    public EmergencyRules Rules { get; private set; } = EmergencyRules.Default;

    /// <summary>The usual way; risk-based from the start of every life.</summary>
    public ApprovalRules Usual { get; private set; } = ApprovalRules.Default with { Mode = ApprovalMode.RiskBased };

    /// <summary>Who approves in the usual way; everybody whose role decides, if null.</summary>
    public List<Person>? Approvers { get; private set; }

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
        if (Open(who, credential) is { Emergency: true })
            return "already-pending";
        if (Holds(who, credential))
            return "already-running";
        if (Running(who) >= 3)
            return "too-many-sessions";
        if (Requests.Count(r => r.Requester == who && r.Emergency && r.RaisedAt > Now - Duration.FromHours(1)) >= 5 && !IsLastOwner(who))
            return "too-many-requests";

        if (Open(who, credential) is { } usual)
            usual.State = RequestState.Withdrawn;
        SettleFor(who, credential);
        var request = new Request(who, credential, Emergency: true, 1, Duration.FromMinutes(minutes), Rules.MaximumDuration, Duration.Zero, Now, Now + Rules.ApprovalWindow);
        Requests.Add(request);
        if (!Rules.RequireApproval)
            Grant(request, null);
        return null;
    }

    /// <summary>The usual way, for an account that takes as many approvals as said.</summary>
    public string? CheckOut(Person who, int credential, int needed, int minutes)
    {
        if (!who.Active)
            return "caller-not-active";
        if (!MayHold(who))
            return "auditor-holds-nothing";
        if (minutes < 5 || Duration.FromMinutes(minutes) > Usual.CheckoutDuration)
            return "duration-out-of-range";
        if (Open(who, credential) is not null)
            return "already-pending";
        if (Holds(who, credential))
            return "already-running";
        SettleFor(who, credential);
        Requests.Add(new Request(who, credential, Emergency: false, needed, Duration.FromMinutes(minutes), Usual.CheckoutDuration, Usual.Extension, Now, Now + Usual.Window));
        return null;
    }

    public string? Extend(Person who, Session session)
    {
        if (!who.Active)
            return "caller-not-active";
        if (session.Holder != who)
            return "not-your-session";
        if (!session.IsActiveAt(Now))
            return "session-over";
        if (!MayHold(who))
            return "no-longer-eligible";
        if (session.Emergency)
            return "emergency-not-extended";
        if (session.Extended)
            return "already-extended";
        var by = Duration.Min(session.Extension, Usual.Extension);
        if (by == Duration.Zero)
            return "extension-not-offered";
        (session.EndsAt, session.Extended) = (session.EndsAt + by, true);
        return null;
    }

    public string? SaveUsual(int hours, int checkout, int extension)
    {
        Usual = Usual with { Window = Duration.FromHours(hours), CheckoutDuration = Duration.FromMinutes(checkout), Extension = Duration.FromMinutes(extension) };
        return null;
    }

    public string? Name(List<Person>? approvers)
    {
        Approvers = approvers;
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
        if (!Admits(request, who))
            return "not-on-the-list";
        if (request.Approvals.Contains(who))
            return "approved-by-you-already";
        if (!approve)
        {
            (request.State, request.DecidedBy) = (RequestState.Denied, who);
            return null;
        }

        if (!request.Requester.Active || !May(request.Requester, request.Emergency))
            return "requester-not-eligible";
        if (request.Emergency && Running(request.Requester) >= 3)
            return "too-many-sessions";
        var counting = request.Approvals.Count(a => a.Active && a.Roles.HasAny(Roles.Owner | Roles.Admin | Roles.Approver) && Admits(request, a));
        request.Approvals.Add(who);
        if (counting + 1 >= request.Needed)
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
        if (!May(who, session.Emergency))
            return "no-longer-eligible";
        session.Seen = true;
        return null;
    }

    /// <summary>Looks back at the emergency that this request began. No one in these lives continues a session, so each has a case of its own.</summary>
    public string? Review(Person who, Request request)
    {
        if (!who.Active)
            return "caller-not-active";
        if (!who.Roles.HasAny(Roles.Owner | Roles.Admin | Roles.SecurityOwner))
            return "not-reviewer";
        if (request.Requester == who)
            return "own-case";
        if (request.DecidedBy == who)
            return "decided-case";
        if (request.Reviewed)
            return "already-reviewed";
        if (request.IsOpenAt(Now) || Sessions.Exists(s => s.Of == request && s.IsActiveAt(Now)))
            return "case-not-over";
        request.Reviewed = true;
        return null;
    }

    /// <summary>Ended and reviewed, and nothing was seen: nobody rotates anything in these lives.</summary>
    public bool IsClosed(Request request) => request.Reviewed && !Sessions.Exists(s => s.Of == request && s.Seen);

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

    private static bool MayHold(Person who) => who.Roles.HasAny(RolePermissions.All & ~Roles.Auditor);

    private bool May(Person who, bool emergency) => emergency ? Eligible(who) : MayHold(who);

    private bool Admits(Request request, Person who) => request.Emergency || Approvers is null || Approvers.Contains(who);

    private Request? Open(Person who, int credential) => Requests.Find(r => r.Requester == who && r.Credential == credential && r.IsOpenAt(Now));

    private bool Holds(Person who, int credential) => Sessions.Exists(s => s.Holder == who && s.Credential == credential && s.IsActiveAt(Now));

    private int Running(Person who) => Sessions.Count(s => s.Holder == who && s.Emergency && s.IsActiveAt(Now));

    private bool IsLastOwner(Person who) => who.Roles.HasAny(Roles.Owner) && !People.Any(p => p != who && p.Active && p.Roles.HasAny(Roles.Owner));

    private void Grant(Request request, Person? by)
    {
        SettleFor(request.Requester, request.Credential);
        (request.State, request.DecidedBy) = (RequestState.Approved, by);
        var longest = Duration.Min(request.Maximum, request.Emergency ? Rules.MaximumDuration : Usual.CheckoutDuration);
        var extension = Duration.Min(request.Extension, Usual.Extension);
        Sessions.Add(new Session(request.Requester, request.Credential, request.Emergency, by, Now, longest + extension, extension) { Of = request, EndsAt = Now + Duration.Min(request.AskedFor, longest) });
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
        foreach (var session in Sessions.Where(s => s.IsActiveAt(Now) && (!s.Holder.Active || !May(s.Holder, s.Emergency))))
            session.Ended = EndReason.Revoked;
    }

    public sealed class Person(PersonId id, Roles roles)
    {
        public PersonId Id => id;

        public Roles Roles { get; set; } = roles;

        public bool Active { get; set; } = true;
    }

    public sealed record Request(
        Person Requester, int Credential, bool Emergency, int Needed, Duration AskedFor, Duration Maximum, Duration Extension, Instant RaisedAt, Instant DecideBy)
    {
        public RequestId Id { get; set; }

        public List<Person> Approvals { get; } = [];

        public RequestState State { get; set; } = RequestState.Pending;

        public Person? DecidedBy { get; set; }

        public bool Reviewed { get; set; }

        public bool IsOpenAt(Instant now) => State == RequestState.Pending && now < DecideBy;
    }

    public sealed record Session(Person Holder, int Credential, bool Emergency, Person? ApprovedBy, Instant StartedAt, Duration Limit, Duration Extension)
    {
        public SessionId Id { get; set; }

        public Instant EndsAt { get; set; }

        public Request? Of { get; init; }

        public bool Seen { get; set; }

        public bool Extended { get; set; }

        public EndReason? Ended { get; set; }

        public bool IsActiveAt(Instant now) => Ended is null && StartedAt <= now && now < EndsAt;
    }
}
