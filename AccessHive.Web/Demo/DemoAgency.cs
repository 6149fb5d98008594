using AccessHive.Core.Storage;
using AccessHive.Core.Vault;

namespace AccessHive.Web.Demo;

public sealed class DemoAgency
{
    public Task FurnishAsync(HousePaths p, IKeyWrapper k, CancellationToken c) => Task.CompletedTask;

    public Task RefreshAsync(IServiceProvider s, CancellationToken c) => Task.CompletedTask;
}
