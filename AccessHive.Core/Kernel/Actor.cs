namespace AccessHive.Core.Kernel;

/// <summary>
/// Who is acting, as the database knew them when the command began – never what a cookie or circuit remembers
/// (product.md, "Fresh facts").
/// </summary>
/// <param name="Id">The person, or nobody when the product itself acts (a deadline, the console).</param>
/// <param name="Name">The name at that moment.</param>
/// <param name="Roles">The roles at that moment.</param>
public sealed record Actor(PersonId? Id, string Name, Roles Roles)
{
    /// <summary>The product itself: deadlines and policies that act without a person.</summary>
    public static Actor System { get; } = new(null, "AccessHive", Roles.None);

    /// <summary>Whoever stands at the console or presents a one-time link, before there is a person.</summary>
    public static Actor Console { get; } = new(null, "Console", Roles.None);

    /// <summary>Whether this is that person.</summary>
    public bool Is(PersonId person) => Id == person;

    /// <summary>Whether this actor holds at least one of these roles.</summary>
    public bool Has(Roles roles) => Roles.HasAny(roles);
}
