using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Web;

/// <summary>A running <c>portia ui</c> whose token has been exchanged, as the browser would have done.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private OpenPage(Portia portia, Uri address)
    {
        Portia = portia;
        Address = address;
    }

    public Portia Portia { get; }

    /// <summary>With the token, which is used up.</summary>
    public Uri Address { get; }

    public string Cookie { get; private set; } = "";

    /// <summary>Where everything is, with a slash at both ends.</summary>
    public string Folder { get; private set; } = "";

    public string Host => Address.Authority;

    private HttpClient Client { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });

    public static async Task<Portia> StartAsync(string session, List<string> address, params string[] arguments)
    {
        Portia portia = Portia.StartIn(session, ["ui", "--no-open", "--json", .. arguments]);
        address.Add(JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement.GetProperty("address").GetString()!);
        return portia;
    }

    public static async Task<OpenPage> OpenAsync(string session, params string[] arguments)
    {
        var address = new List<string>();
        var page = new OpenPage(await StartAsync(session, address, arguments), new Uri(address[0]));
        using HttpResponseMessage answer = await page.SendAsync(HttpMethod.Get, page.Address.PathAndQuery, cookie: "");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string set = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; HttpOnly; SameSite=Strict", set, StringComparison.Ordinal);
        page.Cookie = set.Split(';')[0];
        page.Folder = Regex.Match(set, "Path=([^;]+)").Groups[1].Value;
        return page;
    }

    /// <param name="method">GET or POST.</param>
    /// <param name="path">From the root.</param>
    /// <param name="cookie">Null sends the right one.</param>
    /// <param name="body">As JSON.</param>
    /// <param name="headers">A null value leaves out what a page would send.</param>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? cookie = null, string? body = null, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri($"http://{Host}{path}"));
        var all = new Dictionary<string, string?> { ["Cookie"] = cookie ?? Cookie };
        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body ?? "{}"));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            (all["Origin"], all["X-Portia"]) = ($"http://{Host}", "1");
        }

        foreach ((string name, string? value) in headers)
            all[name] = value;
        foreach ((string name, string? value) in all)
        {
            if (value is { Length: > 0 })
                request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<JsonElement> AskAsync(string name)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, Folder + name);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    public async Task<JsonElement> StrikeAsync(string target, params JsonElement[] marks)
    {
        string body = JsonSerializer.Serialize(new { target, holders = marks });
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, Folder + "api/strike", body: body);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    public async Task<JsonElement> LeaveAsync(string incident)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, Folder + "api/leave", body: JsonSerializer.Serialize(new { incident }));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>The stream of events, from its beginning.</summary>
    public async Task<EventStream> FollowAsync()
    {
        HttpResponseMessage answer = await SendAsync(HttpMethod.Get, Folder + "api/events");
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new EventStream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Portia.DisposeAsync();
    }
}
