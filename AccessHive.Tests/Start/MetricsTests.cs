using System.Net;
using AccessHive.Tests.World;
using AccessHive.Tests.World.Servers;
using AccessHive.Web.Start;
using Xunit;

namespace AccessHive.Tests.Start;

/// <summary>Metrics have a listener of their own, on this machine, and only when asked for.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task The_meter_is_shown_on_its_own_port_and_nowhere_else_and_nothing_else_is_there()
    {
        using var folder = new TestFolder();
        var port = Machine.FreePort();
        await using var house = await HouseProcess.StartAsync(folder.In("data"), "--metrics-port", port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        var shown = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));

        Assert.Contains("accesshive_jobs_open", shown, StringComparison.Ordinal);
        Assert.Contains("accesshive_rotations_need_person", shown, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/account/sign-in"))).StatusCode);
        Assert.DoesNotContain("accesshive_jobs", await (await client.GetAsync(new Uri($"{house.Url}/metrics"))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_off_unless_asked_for()
    {
        Assert.Null(StartOptions.Parse([]).Options!.MetricsPort);
        Assert.Equal(9464, StartOptions.Parse(["--metrics-port", "9464"]).Options!.MetricsPort);
        Assert.Null(StartOptions.Parse(["--metrics-port", "0"]).Options);
    }
}
