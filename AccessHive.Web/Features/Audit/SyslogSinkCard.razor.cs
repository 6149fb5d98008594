using System.Globalization;
using AccessHive.Core.Audit;
using AccessHive.Core.Audit.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Web.Features.Shared;
using Microsoft.AspNetCore.Components;

namespace AccessHive.Web.Features.Audit;

/// <summary>Where the trail is sent to while it grows: read first, edited in place.</summary>
public sealed partial class SyslogSinkCard : LivePage
{
    private SyslogCard? card;
    private Draft? draft;
    private Refusal? refusal;
    private string? done;

    [Inject]
    private KeepSyslog Syslog { get; set; } = default!;

    private bool MayEdit => Me.Value.Has(RolePermissions.SettingsEditors);

    private string State => card switch
    {
        null or { Target.IsOn: false, Target.Host: "" } => "Never set up",
        { Target.IsOn: false } => "Off",
        { Behind: 0 } => "On, nothing waits",
        { Behind: 1 } => "On, 1 entry waits",
        { Behind: >= SyslogCard.MostCounted } => string.Create(CultureInfo.InvariantCulture, $"On, {SyslogCard.MostCounted:N0} entries or more wait"),
        _ => string.Create(CultureInfo.InvariantCulture, $"On, {card.Behind:N0} entries wait"),
    };

    /// <inheritdoc/>
    protected override bool Concerns(FeedItem item) => card is null || card.Target.IsOn || item.Type.StartsWith("trail.syslog", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation) => card = await Syslog.ReadAsync(Self, cancellation);

    private void StartEditing() => (draft, refusal, done) = (Draft.Of(card!), null, null);

    private void StopEditing() => (draft, refusal, done) = (null, null, null);

    private async Task SaveAsync()
    {
        var (target, madeOn) = (draft!.Target, draft.Revision);
        refusal = (await Syslog.SaveAsync(Self, target, madeOn, Gone)).Refusal;
        done = null;
        if (refusal is null)
            (draft, done) = (null, "Saved.");
        await ReloadAsync();
    }

    private async Task TestAsync()
    {
        refusal = (await Syslog.TestAsync(Self, draft!.Target, Gone)).Refusal;
        done = refusal is null ? "The receiver took a test message." : null;
    }

    private sealed class Draft
    {
        public int Revision { get; init; }

        public string Host { get; set; } = "";

        public string Port { get; set; } = "";

        public string Authority { get; set; } = "";

        public bool OnlyEmergency { get; set; }

        public bool Personal { get; set; }

        public bool IsOn { get; set; }

        public SyslogTarget Target => new(Host.Trim(), int.TryParse(Port.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0, Authority.Trim(), OnlyEmergency, Personal, IsOn);

        public static Draft Of(SyslogCard card) => new()
        {
            Revision = card.Revision,
            Host = card.Target.Host,
            Port = card.Target.Port.ToString(CultureInfo.InvariantCulture),
            Authority = card.Target.Authority,
            OnlyEmergency = card.Target.OnlyEmergency,
            Personal = card.Target.Personal,
            IsOn = card.Target.IsOn || card.Revision == 0,
        };
    }
}
