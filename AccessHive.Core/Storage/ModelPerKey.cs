using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace AccessHive.Core.Storage;

/// <summary>
/// EF keeps one model for the process, and Identity's model holds the protector of the house it was first built for. Two
/// houses with different keys in one process – a test, a restore – must not seal with each other's.
/// </summary>
internal sealed class ModelPerKey : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime)
    {
        var services = context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider;
        return (context.GetType(), services?.GetService<IKeyWrapper>()?.KeyId, designTime);
    }
}
