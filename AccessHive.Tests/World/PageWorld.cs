using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Live;
using AccessHive.Web;
using AccessHive.Web.Features.Shared;
using Bunit;
using Fluxor;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace AccessHive.Tests.World;

/// <summary>
/// A page rendered for one person of the cast, on the test agency's own use cases and database: what they do is really
/// done. The feed is moved by hand (<see cref="HearAsync"/>), so that a test decides when a page learns of a commit.
/// </summary>
public sealed class PageWorld : IAsyncDisposable
{
    private readonly TrailPump pump;
    private readonly LiveFeed.Listener ear;

    private PageWorld(TestAgency agency, PersonId person)
    {
        Agency = agency;
        Person = person;
        foreach (var service in UseCases(agency))
            Page.Services.AddSingleton(service.GetType(), service);
        Page.Services.AddSingleton<Core.Requests.IPresence>(agency.Presence);
        Page.Services.AddScoped<ReaderZone>();
        Page.Services.AddMudServices(mud => mud.PopoverOptions.CheckForPopoverProvider = false);
        Page.Services.AddFluxor(flux => flux.ScanAssemblies(typeof(WebServices).Assembly));
        Page.JSInterop.Mode = JSRuntimeMode.Loose;
        pump = agency.Get<TrailPump>();
        ear = agency.Get<LiveFeed>().Subscribe();
    }

    public TestAgency Agency { get; }

    public PersonId Person { get; }

    public BunitContext Page { get; } = new();

    public IDispatcher Dispatcher => Page.Services.GetRequiredService<IDispatcher>();

    public MeState Me => Page.Services.GetRequiredService<IState<MeState>>().Value;

    /// <summary>Opens the circuit of a person; the shell's own parts (popovers, dialogs, snackbars) are there.</summary>
    public static async Task<PageWorld> OpenAsync(TestAgency agency, PersonId person)
    {
        var world = new PageWorld(agency, person);
        await world.pump.PumpAsync(CancellationToken.None);
        world.Page.Render<MudPopoverProvider>();
        await world.Page.Services.GetRequiredService<IStore>().InitializeAsync();
        await world.ReadMeAsync();
        return world;
    }

    public IRenderedComponent<MudDialogProvider> Dialogs() => Page.Render<MudDialogProvider>();

    public IRenderedComponent<T> Render<T>(Action<ComponentParameterCollectionBuilder<T>>? parameters = null) where T : IComponent
        => Page.Render<T>(p => parameters?.Invoke(p));

    /// <summary>The page hears everything that was committed since the last time, as far as its person may.</summary>
    public async Task HearAsync()
    {
        await pump.PumpAsync(CancellationToken.None);
        while (ear.TryRead(out var item))
        {
            if (item is not null && Audience.Sees(Person, Me.Roles, item))
                Dispatcher.Dispatch(new FeedArrived(item));
        }

        await ReadMeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        ear.Dispose();
        await Page.DisposeAsync();
    }

    private async Task ReadMeAsync()
    {
        var read = (await Agency.Get<Whoami>().ReadAsync(Person))!;
        Dispatcher.Dispatch(new MeLoaded(new MeState(read.Id, read.Name, read.Email, read.Roles, read.Rules, read.Agency, read.IsDemo, IsLoaded: true)));
    }

    // Everything Core offers to pages: the singletons of AddAccessHive that live in a UseCases folder, and the clock.
    private static IEnumerable<object> UseCases(TestAgency agency)
        => typeof(Core.CoreServices).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false, IsPublic: true } && (t.Namespace?.EndsWith(".UseCases", StringComparison.Ordinal) == true || t == typeof(HiveClock) || t == typeof(LiveFeed)))
            .Select(agency.Services.GetService)
            .OfType<object>();
}
