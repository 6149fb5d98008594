using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccessHive.Core.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AccessHive.Tests.World.Servers;

/// <summary>
/// A receiver of rotation webhooks, written after docs/guides/webhook-rotation.md and without a line of the connector's: what
/// an agency's own program does.
/// </summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly Lazy<Task<WebhookReceiver>> one = new(StartAsync);
    private readonly ConcurrentDictionary<string, string> passwords = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> log = [];
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly WebApplication app;

    private WebhookReceiver(WebApplication app)
    {
        this.app = app;
        app.MapPost("/rotation", ReceiveAsync);
        app.MapPost("/odd/{status:int}", (int status) => Results.Text("""{"result":"yes"}""", statusCode: status));
        app.MapPost("/words/{words}", (string words) => Results.Text(words));
        app.MapPost("/elsewhere", () => Results.Redirect("/words/%7B%22result%22%3A%22yes%22%7D", preserveMethod: true));
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url => app.Urls.Single(u => u.StartsWith("http:", StringComparison.Ordinal));

    /// <summary>The same with a certificate that nobody has a reason to believe.</summary>
    public string UnprovenUrl => app.Urls.Single(u => u.StartsWith("https:", StringComparison.Ordinal));

    /// <summary>Everything that was sent to it, as a proxy on the way would have logged it.</summary>
    public string Log => string.Join('\n', log);

    /// <summary>An account it can rotate.</summary>
    public static async Task<WebhookAccount> NewAccountAsync()
    {
        var receiver = await one.Value;
        var (name, password) = (TargetAccount.Fresh("account-"), TargetAccount.Fresh("first-"));
        receiver.passwords[name] = password;
        return new WebhookAccount(receiver, name, password, receiver.key);
    }

    public string Password(string name) => passwords[name];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = SelfSigned.Make()));
        builder.WebHost.UseUrls("http://127.0.0.1:0", "https://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        await receiver.app.StartAsync();
        return TargetServers.Keep(receiver);
    }

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy);
        var body = copy.ToArray();
        log.Enqueue(string.Join('\n', request.Headers.Select(h => $"{h.Key}: {h.Value}")) + "\n\n" + Encoding.UTF8.GetString(body));
        if (!IsSigned(request.Headers, body))
            return Results.Unauthorized();

        using var document = JsonDocument.Parse(body);
        var news = document.RootElement;
        var data = news.GetProperty("data");
        return news.GetProperty("type").GetString() switch
        {
            "accesshive.credential.rotate" => Answer(answers.GetOrAdd(request.Headers["Idempotency-Key"].Single()!, _ => Rotate(news, data) ? "yes" : "no")),
            "accesshive.credential.verify" => Answer(passwords.GetValueOrDefault(data.GetProperty("userName").GetString()!) == Open(news, data, "secret") ? "yes" : "no"),
            _ => Results.BadRequest(),
        };
    }

    private static IResult Answer(string result) => Results.Json(new { result });

    private bool IsSigned(IHeaderDictionary headers, byte[] body)
    {
        var timestamp = headers["AccessHive-Timestamp"].ToString();
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. body];
        var expected = "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(key, signed));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(headers["AccessHive-Signature"].ToString()))
            && Math.Abs(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(timestamp, CultureInfo.InvariantCulture)) <= 300;
    }

    private bool Rotate(JsonElement news, JsonElement data)
        => passwords.TryUpdate(data.GetProperty("userName").GetString()!, Open(news, data, "next"), Open(news, data, "current"));

    private string Open(JsonElement news, JsonElement data, string field)
    {
        var (id, type) = (news.GetProperty("id").GetString()!, news.GetProperty("type").GetString()!);
        var box = data.GetProperty(field).GetBytesFromBase64();
        var derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, Encoding.UTF8.GetBytes(id), "accesshive/webhook/1"u8.ToArray());
        var plain = new byte[box.Length - 12 - 16];
        using var aes = new AesGcm(derived, 16);
        aes.Decrypt(box.AsSpan(0, 12), box.AsSpan(12, plain.Length), box.AsSpan(12 + plain.Length), plain, Encoding.UTF8.GetBytes($"{id}|{type}|{field}"));
        return Encoding.UTF8.GetString(plain);
    }
}

/// <summary>An account that the run's own receiver rotates.</summary>
public sealed class WebhookAccount : TargetAccount
{
    private readonly WebhookReceiver receiver;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public WebhookAccount(WebhookReceiver receiver, string name, string password, byte[] key)
    {
        this.receiver = receiver;
        (Host, Port, UserName, Password, Key) = (receiver.Url + "/rotation", new Uri(receiver.Url).Port, name, password, key);
        Plan = PlanFor(ConnectorKind.Webhook, Host, 0);
    }

    public WebhookReceiver Receiver => receiver;

    public override Task<bool> LogsInAsync(string password) => Task.FromResult(receiver.Password(UserName) == password);

    public override Task<string> KeptAsync() => Task.FromResult(receiver.Password(UserName));

    public override Task<string> ReadLogAsync() => Task.FromResult(receiver.Log);
}
