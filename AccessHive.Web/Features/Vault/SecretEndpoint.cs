using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AccessHive.Core.Kernel;
using AccessHive.Core.Vault;
using AccessHive.Core.Vault.UseCases;
using AccessHive.Web.Features.Shared;
using AccessHive.Web.Security;

namespace AccessHive.Web.Features.Vault;

/// <summary>What a secret that comes in is about: a new credential of an identity, or a credential that is here already.</summary>
/// <param name="Identity">The identity that gets a credential.</param>
/// <param name="Credential">The credential that gets a new secret.</param>
/// <param name="Label">What the new credential is.</param>
/// <param name="UserName">The name to sign in with.</param>
/// <param name="Address">Where to sign in.</param>
/// <param name="Type">What kind of credential the new one is.</param>
/// <param name="Field">What of the credential it is; its main secret, if nothing is said.</param>
/// <param name="File">The name of the file it came from.</param>
public sealed record SecretEntered(
    Guid? Identity = null, Guid? Credential = null, string? Label = null, string? UserName = null, string? Address = null,
    [property: JsonConverter(typeof(JsonStringEnumConverter<CredentialType>))] CredentialType Type = CredentialType.Password,
    [property: JsonConverter(typeof(JsonStringEnumConverter<FieldKind>))] FieldKind Field = FieldKind.Secret,
    string? File = null);

/// <summary>
/// The way of a secret into the vault: one POST of one line of JSON and the secret's bytes, round the circuit – whose
/// buffers and event arguments would keep it as a string that nobody can wipe. What stays for a moment are the server's
/// own network buffers, which are used again and not written anywhere.
/// </summary>
public static class SecretEndpoint
{
    /// <summary>Where it is.</summary>
    public const string Path = "/vault/secret";

    private const int AboutLength = 16_384;

    /// <summary>Maps it. The origin guard stands before it, and only <c>enter.js</c> sends its header.</summary>
    public static void MapVaultSecrets(this WebApplication app)
        => app.MapPost(Path, AnswerAsync).RequireAuthorization().DisableAntiforgery();

    private static async Task AnswerAsync(HttpContext context, KeepIdentities keep)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Headers["X-AccessHive"] != "vault" || context.User.PersonOf() is not { } person)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var body = new byte[AboutLength + Credential.SecretLength + 1];
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
            if (length == body.Length)
                await RefuseAsync(context, VaultRefusals.SecretMissing);
            else if (Read(body.AsSpan(0, length), out var secret) is { } about)
                await KeepAsync(context, keep, person, about, secret);
            else
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private static async Task KeepAsync(HttpContext context, KeepIdentities keep, PersonId person, SecretEntered about, byte[] secret)
    {
        // The use cases wipe the bytes, whatever comes of them.
        var cancellation = context.RequestAborted;
        Result<CredentialId> kept;
        if (about.Credential is { } credential)
        {
            var changed = about.Field == FieldKind.Secret
                ? await keep.ChangeSecretAsync(person, new CredentialId(credential), secret, about.File ?? "", cancellation)
                : await keep.ChangeFieldAsync(person, new CredentialId(credential), about.Field, secret, cancellation);
            kept = changed.IsRefused ? changed.Refusal : new CredentialId(credential);
        }
        else
        {
            var details = new CredentialDetails(about.Label ?? "", about.UserName ?? "", about.Address ?? "", about.Type);
            kept = await keep.AddCredentialAsync(person, new IdentityId(about.Identity ?? Guid.Empty), details, secret, about.File ?? "", cancellation);
        }

        if (kept.IsRefused)
            await RefuseAsync(context, kept.Refusal);
        else
            await context.Response.WriteAsJsonAsync(new { id = kept.Value.Value }, cancellation);
    }

    private static SecretEntered? Read(ReadOnlySpan<byte> body, out byte[] secret)
    {
        secret = [];
        var end = body.IndexOf((byte)'\n');
        if (end < 0)
            return null;
        try
        {
            if (JsonSerializer.Deserialize<SecretEntered>(body[..end], JsonSerializerOptions.Web) is not { } about)
                return null;
            secret = body[(end + 1)..].ToArray();
            return about;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = StatusCodes.Status409Conflict;
        return context.Response.WriteAsJsonAsync(new { code = refusal.Code, title = "Not kept", detail = RefusalWords.For(refusal) });
    }
}
