using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using AccessHive.Core.Vault;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using NodaTime;

namespace AccessHive.Core.Connectors;

/// <summary>
/// A program of the agency that changes the secret wherever it is: it is told by a CloudEvent in structured JSON, signed
/// (<see cref="WebhookSignature"/>), with the secrets in it sealed (<see cref="WebhookSeal"/>). docs/guides/webhook-rotation.md
/// is the receiver's side.
/// </summary>
/// <remarks>
/// Every try is one request: no redirect is followed, and nothing is repeated here, because the rotation repeats with its own
/// patience. The address has to be https and its certificate right, unless the plan says that the way need not be encrypted.
/// </remarks>
public sealed class WebhookConnector(IHttpClientFactory clients, TimeProvider time) : IRotationConnector
{
    /// <summary>The event that orders a new secret.</summary>
    public const string Rotate = "accesshive.credential.rotate";

    /// <summary>The event that asks whether a secret is the one in force.</summary>
    public const string Verify = "accesshive.credential.verify";

    /// <summary>Carries the same key for every try of one order.</summary>
    public const string IdempotencyHeader = "Idempotency-Key";

    internal const string ClientName = "AccessHive.Webhook";

    private static readonly Uri source = new("urn:accesshive");
    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <inheritdoc/>
    public ConnectorKind Kind => ConnectorKind.Webhook;

    /// <inheritdoc/>
    /// <remarks>The idempotency key is also the event's id: the receiver carries out one order once.</remarks>
    public Task<TargetReply> SetAsync(
        RotationTarget target, ReadOnlyMemory<byte> current, ReadOnlyMemory<byte> next, string idempotencyKey, CancellationToken cancellation)
        => AskAsync(target, Rotate, idempotencyKey, field => new(target.Credential.ToString(), target.UserName, Current: field("current", current), Next: field("next", next)), cancellation);

    /// <inheritdoc/>
    public Task<TargetReply> LogInAsync(RotationTarget target, ReadOnlyMemory<byte> secret, CancellationToken cancellation)
        => AskAsync(target, Verify, Guid.CreateVersion7().ToString("N"), field => new(target.Credential.ToString(), target.UserName, Secret: field("secret", secret)), cancellation);

    private async Task<TargetReply> AskAsync(
        RotationTarget target, string type, string id, Func<Func<string, ReadOnlyMemory<byte>, string>, Order> order, CancellationToken cancellation)
    {
        if (target.Key.Length < WebhookSignature.ShortestKey)
            return Replies.Unknown("The webhook has no signing key of 32 bytes or more.");
        if (Address(target.Plan) is not { } address)
            return Replies.Unknown("The webhook's address is not https, and the plan asks for an encrypted way.");
        var data = order((field, secret) => WebhookSeal.Seal(target.Key.Span, id, type, field, secret.Span));
        using var request = Request(address, target.Key.Span, type, id, data);
        using var client = clients.CreateClient(ClientName);
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            return await ReadAsync(response, cancellation);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            return Read(fault);
        }
    }

    private static Uri? Address(RotationPlan plan)
    {
        if (!Uri.TryCreate(plan.Host, UriKind.Absolute, out var written))
            return null;
        var builder = new UriBuilder(written);
        if (plan.Port != 0)
            builder.Port = plan.Port;
        return builder.Scheme == Uri.UriSchemeHttps || (plan.Encryption == TargetEncryption.None && builder.Scheme == Uri.UriSchemeHttp) ? builder.Uri : null;
    }

    private HttpRequestMessage Request(Uri address, ReadOnlySpan<byte> key, string type, string id, Order data)
    {
        var now = time.GetUtcNow();
        var news = new CloudEvent { Id = id, Type = type, Source = source, Time = now, Subject = data.Credential, DataContentType = "application/json", Data = data };
        var body = new JsonEventFormatter<Order>(json, default).EncodeStructuredModeMessage(news, out var contentType);
        var timestamp = WebhookSignature.Timestamp(Instant.FromDateTimeOffset(now));
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType.ToString());
        return new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = content,
            Headers =
            {
                { WebhookSignature.TimestampHeader, timestamp },
                { WebhookSignature.SignatureHeader, WebhookSignature.Sign(key, timestamp, body.Span) },
                { IdempotencyHeader, id },
            },
        };
    }

    private static async Task<TargetReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation) => response.StatusCode switch
    {
        HttpStatusCode.OK => Read(await response.Content.ReadAsByteArrayAsync(cancellation)),
        HttpStatusCode.Accepted => new TargetReply(TargetAnswer.Later, "The receiver took the order and will report back."),
        var other => Replies.Unknown($"The receiver answered with HTTP status {(int)other}."),
    };

    private static TargetReply Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Result>(body, json)?.Answer switch
            {
                "yes" => TargetReply.Yes,
                "no" => Replies.No("The receiver said no."),
                _ => Replies.Lost,
            };
        }
        catch (JsonException)
        {
            return Replies.Lost;
        }
    }

    private static TargetReply Read(Exception fault) => fault switch
    {
        { InnerException: OutOfReachException } => Replies.Unknown("The webhook's host is not on the public internet, and is not among the hosts that are allowed by name."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Replies.Untrusted,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => Replies.Unreachable,
        OperationCanceledException => Replies.TooSlow,
        _ => Replies.Lost,
    };

    private sealed record Order(string Credential, string UserName, string? Current = null, string? Next = null, string? Secret = null);

    private sealed record Result([property: JsonPropertyName("result")] string? Answer);
}
