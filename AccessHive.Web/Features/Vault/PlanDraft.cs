using System.Globalization;
using AccessHive.Core.Vault;

namespace AccessHive.Web.Features.Vault;

/// <summary>A rotation plan while somebody types it.</summary>
public sealed class PlanDraft
{
    /// <summary>Starts from the plan in force.</summary>
    public PlanDraft(RotationPlan plan)
    {
        (Connector, After, Host, Database, Encryption, HostKey, Instructions) = (plan.Connector, plan.After, plan.Host, plan.Database, plan.Encryption, plan.HostKey, plan.Instructions);
        Port = plan.Port == 0 ? "" : plan.Port.ToString(CultureInfo.InvariantCulture);
        (Length, Symbols) = (plan.Shape.Length.ToString(CultureInfo.InvariantCulture), plan.Shape.Symbols);
    }

    /// <summary>By which way.</summary>
    public ConnectorKind Connector { get; private set; }

    /// <summary>After which sessions.</summary>
    public RotateAfter After { get; set; }

    /// <summary>Name, address or URL.</summary>
    public string Host { get; set; }

    /// <summary>Empty for the usual one.</summary>
    public string Port { get; set; }

    /// <summary>The database to sign in to.</summary>
    public string Database { get; set; }

    /// <summary>Whether the way has to be encrypted.</summary>
    public TargetEncryption Encryption { get; set; }

    /// <summary>SSH: the host key's fingerprint.</summary>
    public string HostKey { get; set; }

    /// <summary>Where and how a person changes it.</summary>
    public string Instructions { get; set; }

    /// <summary>How long a new password is.</summary>
    public string Length { get; set; }

    /// <summary>Which symbols may appear in it.</summary>
    public string Symbols { get; set; }

    /// <summary>The plan as typed. What is no number is out of every range.</summary>
    public RotationPlan Plan => new(Connector, After, Host, Number(Port, empty: 0), Database, Encryption, HostKey, Instructions) { Shape = new PasswordShape(Number(Length, empty: -1), Symbols.Trim()) };

    /// <summary>Another way. A port belongs to the way before.</summary>
    public void Choose(ConnectorKind connector)
    {
        if (connector != Connector)
            (Connector, Port) = (connector, "");
    }

    private static int Number(string text, int empty)
        => text.Trim().Length == 0 ? empty : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
