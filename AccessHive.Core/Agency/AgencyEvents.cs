using AccessHive.Core.Kernel;
using NodaTime;
using NodaTime.Text;

namespace AccessHive.Core.Agency;

/// <summary>Somebody was invited.</summary>
public sealed record PersonInvited(Instant At, Actor By, PersonId Person, string Name, Roles Roles) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "person.invited";

    /// <inheritdoc/>
    public override Subject About => new(Person);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("roles", Roles).AddPersonal("person", Name);
}

/// <summary>An invitation was accepted.</summary>
public sealed record PersonJoined(Instant At, Actor By, PersonId Person) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "person.joined";

    /// <inheritdoc/>
    public override Subject About => new(Person);
}

/// <summary>Somebody's roles changed.</summary>
public sealed record PersonRolesChanged(Instant At, Actor By, PersonId Person, string Name, Roles Before, Roles After) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "person.roles-changed";

    /// <inheritdoc/>
    public override Subject About => new(Person);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.Add("before", Before).Add("after", After).AddPersonal("person", Name);
}

/// <summary>Somebody was disabled.</summary>
public sealed record PersonDisabled(Instant At, Actor By, PersonId Person, string Name) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "person.disabled";

    /// <inheritdoc/>
    public override Subject About => new(Person);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.AddPersonal("person", Name);
}

/// <summary>A disabled person was let back in.</summary>
public sealed record PersonEnabled(Instant At, Actor By, PersonId Person, string Name) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "person.enabled";

    /// <inheritdoc/>
    public override Subject About => new(Person);

    /// <inheritdoc/>
    public override void Tell(Facts facts) => facts.AddPersonal("person", Name);
}

/// <summary>Somebody signed in.</summary>
public sealed record PersonSignedIn(Instant At, Actor By, PersonId Person) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "person.signed-in";

    /// <inheritdoc/>
    public override Subject About => new(Person);
}

/// <summary>A sign-in with an existing person's address failed.</summary>
public sealed record SignInFailed(Instant At, Actor By, PersonId Person) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "person.sign-in-failed";

    /// <inheritdoc/>
    public override Subject About => new(Person);
}

/// <summary>The agency's own settings changed; there is nothing before them when it was founded.</summary>
public sealed record AgencySettingsChanged(Instant At, Actor By, AgencyDetails? Before, AgencyDetails After) : DomainEvent(At, By)
{
    /// <inheritdoc/>
    public override string Type => "agency.settings-changed";

    /// <inheritdoc/>
    public override void Tell(Facts facts)
    {
        if (Before is null)
        {
            facts.Add("name", After.Name).Add("zone", After.Zone);
            return;
        }

        Change(facts, "name", Before.Name, After.Name);
        Change(facts, "zone", Before.Zone, After.Zone);
        Change(facts, "working hours", Before.Hours.ToString(), After.Hours.ToString());
        Change(facts, "weekly review", Slot(Before), Slot(After));
        Change(facts, "review due", Hours(Before.ReviewDue), Hours(After.ReviewDue));
    }

    private static void Change(Facts facts, string what, string before, string after)
    {
        if (before != after)
            facts.Add(what, $"{before} → {after}");
    }

    private static string Slot(AgencyDetails details) => $"{details.ReviewDay} {LocalTimePattern.CreateWithInvariantCulture("HH:mm").Format(details.ReviewTime)}";

    private static string Hours(Duration due) => $"{(long)due.TotalHours} h";
}
