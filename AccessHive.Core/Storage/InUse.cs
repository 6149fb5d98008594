using AccessHive.Core.Kernel;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Storage;

/// <summary>Whether access may be given at all: neither the credential nor its identity is out of use. Asked at the grant and at each reveal.</summary>
internal static class InUse
{
    public static Task<bool> IsArchivedAsync(Turn turn, CredentialId credential)
        => turn.Db.Credentials.AnyAsync(
            c => c.Id == credential && (c.ArchivedAt != null || turn.Db.Identities.Any(i => i.Id == c.IdentityId && i.ArchivedAt != null)), turn.Cancellation);
}
