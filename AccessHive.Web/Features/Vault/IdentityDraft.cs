using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;

namespace AccessHive.Web.Features.Vault;

/// <summary>One field that somebody else changed while it was being edited.</summary>
/// <param name="Field">What it is called on the page.</param>
/// <param name="Theirs">What stands there now.</param>
/// <param name="IsKept">Whether the draft keeps its own text, because both changed it.</param>
public sealed record MeanwhileChange(string Field, string Theirs, bool IsKept);

/// <summary>What is being typed about an identity, and the saved version it started from.</summary>
public sealed class IdentityDraft
{
    private IdentityDetails origin;

    /// <summary>A draft that starts from a saved version, or from nothing.</summary>
    /// <param name="from">What is saved.</param>
    /// <param name="version">Which version that is.</param>
    public IdentityDraft(IdentityDetails from, long version)
    {
        origin = from;
        Version = version;
        Take(from);
    }

    /// <summary>The version it is made on.</summary>
    public long Version { get; private set; }

    /// <summary>What people call it.</summary>
    public string Name { get; set; } = "";

    /// <summary>What kind of account.</summary>
    public IdentityType Type { get; set; }

    /// <summary>Where it is an account.</summary>
    public string Platform { get; set; } = "";

    /// <summary>Whose account it is.</summary>
    public string Client { get; set; } = "";

    /// <summary>Who answers for it: an id, or nothing for nobody.</summary>
    public string Owner { get; set; } = "";

    /// <summary>Anything but secrets.</summary>
    public string Notes { get; set; } = "";

    /// <summary>How much harm it can do.</summary>
    public RiskLevel Risk { get; set; }

    /// <summary>What would be saved.</summary>
    public IdentityDetails Details => new(Name, Type, Platform, Client, Guid.TryParse(Owner, out var owner) ? new PersonId(owner) : null, Notes, Risk);

    /// <summary>
    /// Goes on from a newer version: what was not touched here follows it, what was stays as it was typed. Saving then
    /// undoes nothing that this person hasn't seen.
    /// </summary>
    /// <param name="theirs">What is saved now.</param>
    /// <param name="version">Which version that is.</param>
    /// <param name="ownerName">How to call an owner.</param>
    /// <returns>What changed meanwhile.</returns>
    public IReadOnlyList<MeanwhileChange> MoveTo(IdentityDetails theirs, long version, Func<PersonId?, string> ownerName)
    {
        List<MeanwhileChange> changes = [];
        var (mine, was) = (Details.Trimmed(), origin);

        T Merge<T>(string field, Func<IdentityDetails, T> of, Func<T, string> words)
        {
            var (my, old, their) = (of(mine), of(was), of(theirs));
            var equal = EqualityComparer<T>.Default;
            if (equal.Equals(their, old) || equal.Equals(their, my))
                return my;
            var keep = !equal.Equals(my, old);
            changes.Add(new MeanwhileChange(field, words(their), keep));
            return keep ? my : their;
        }

        Take(new IdentityDetails(
            Merge("Name", d => d.Name, Text),
            Merge("Type", d => d.Type, VaultWords.Name),
            Merge("Platform", d => d.Platform, Text),
            Merge("Client", d => d.Client, Text),
            Merge("Owner", d => d.Owner, ownerName),
            Merge("Notes", d => d.Notes, Text),
            Merge("Risk", d => d.Risk, VaultWords.Name)));
        (origin, Version) = (theirs, version);
        return changes;
    }

    private static string Text(string text) => text.Length > 0 ? text : "nothing";

    private void Take(IdentityDetails details)
        => (Name, Type, Platform, Client, Owner, Notes, Risk)
            = (details.Name, details.Type, details.Platform, details.Client, details.Owner?.ToString() ?? "", details.Notes, details.Risk);
}
