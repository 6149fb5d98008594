using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace AccessHive.Tests.World;

/// <summary>
/// Somebody who talks to the house without a browser, but with a browser's manners: keeps cookies, sends the forms that
/// pages hold, says where it comes from. It follows no redirect by itself.
/// </summary>
public sealed class Visitor : IDisposable
{
    private readonly SocketsHttpHandler handler;

    public Visitor(string url)
    {
        Url = new Uri(url);
        handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies, UseCookies = true };
        Http = new HttpClient(handler) { BaseAddress = Url };
    }

    public Uri Url { get; }

    /// <summary>The origin a page of the house has.</summary>
    public string Origin => Url.GetLeftPart(UriPartial.Authority);

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http { get; }

    /// <summary>Somebody who has signed in through the real page.</summary>
    public static async Task<Visitor> SignedInAsync(RunningHouse house, string name)
    {
        var visitor = new Visitor(house.Url);
        var answer = await visitor.SignInAsync(Email(name));
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{name} was not let in: {(int)answer.StatusCode}");
        return visitor;
    }

    /// <summary>The address of one of the cast.</summary>
    public static string Email(string name) => $"{name.ToLowerInvariant()}@agency.example";

    public async Task<HttpResponseMessage> GetAsync(string path) => await Http.GetAsync(new Uri(path, UriKind.Relative));

    public async Task<string> ReadAsync(string path) => await Http.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>Fills in the sign-in page.</summary>
    public Task<HttpResponseMessage> SignInAsync(string email, string password = Cast.Password, string returnUrl = "")
        => FillInAsync("/account/sign-in" + (returnUrl.Length == 0 ? "" : $"?returnUrl={Uri.EscapeDataString(returnUrl)}"), ("Form.Email", email), ("Form.Password", password));

    /// <summary>Gets a page, fills in its first form, and sends it.</summary>
    public async Task<HttpResponseMessage> FillInAsync(string path, params IEnumerable<(string Name, string Value)> typed)
        => await SendFormAsync(path, await FormAsync(path), typed);

    /// <summary>The fields of the first form of a page, as it came.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FormAsync(string path)
    {
        var page = new HtmlParser().ParseDocument(await ReadAsync(path));
        var form = Assert.IsType<IHtmlFormElement>(page.QuerySelector("form"), exactMatch: false);
        return form.QuerySelectorAll("input[name]").OfType<IHtmlInputElement>().ToDictionary(i => i.Name!, i => i.Value, StringComparer.Ordinal);
    }

    /// <summary>Sends a form with these fields, as a browser would.</summary>
    public async Task<HttpResponseMessage> SendFormAsync(string path, IReadOnlyDictionary<string, string> form, params IEnumerable<(string Name, string Value)> typed)
    {
        var fields = new Dictionary<string, string>(form, StringComparer.Ordinal);
        foreach (var (name, value) in typed)
            fields[name] = value;
        return await PostAsync(path, new FormUrlEncodedContent(fields), Origin);
    }

    /// <summary>Posts with this Origin; with none, if null.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, HttpContent? content, string? origin, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await Http.SendAsync(request);
    }

    /// <summary>What the glass sends.</summary>
    public async Task<HttpResponseMessage> RevealAsync(Guid session, string? origin, bool fromGlass = true)
    {
        using var body = JsonContent.Create(new { session, copy = false });
        return await PostAsync("/reveal", body, origin, fromGlass ? [("X-AccessHive", "glass")] : []);
    }

    /// <summary>Asks for a WebSocket with this Origin.</summary>
    /// <returns>The status it was answered with, and the socket when that was 101.</returns>
    public async Task<(HttpStatusCode Status, ClientWebSocket? Socket)> KnockAsync(string path, string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.Cookies = Cookies;
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new Uri(Url.AbsoluteUri.Replace("http:", "ws:", StringComparison.Ordinal).TrimEnd('/') + path), CancellationToken.None);
            return (socket.HttpStatusCode, socket);
        }
        catch (WebSocketException)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            return (status, null);
        }
    }

    /// <summary>A program's connection to the hub, with this visitor's cookies; not yet started.</summary>
    public HubConnection Hub() => new HubConnectionBuilder()
        .WithUrl(new Uri(Url, "/hubs/access"), o =>
        {
            o.Cookies = Cookies;
            o.Headers["Origin"] = Origin;
        })
        .Build();

    public void Dispose()
    {
        Http.Dispose();
        handler.Dispose();
    }
}
