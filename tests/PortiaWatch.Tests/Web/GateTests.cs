using System.Net;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Web;

/// <summary>Who is not let in, asked of the real server.</summary>
public sealed class GateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Token_WrongOne_IsRefusedAndTheRightOneStaysGood()
    {
        var address = new List<string>();
        await using Portia portia = await OpenPage.StartAsync(_folder.Path, address);
        using var client = new HttpClient();
        string right = address[0];

        foreach (string wrong in (string[])[right[..^1], right + "x", right.Split('=')[0] + "=", right.Split('?')[0], right.Replace("token=", "token=x&token=", StringComparison.Ordinal)])
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri(wrong))).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(right))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri(right))).StatusCode);
    }

    [Fact]
    public async Task Token_FetchedAhead_IsNotUsedUp()
    {
        var address = new List<string>();
        await using Portia portia = await OpenPage.StartAsync(_folder.Path, address);
        using var client = new HttpClient();
        using var ahead = new HttpRequestMessage(HttpMethod.Get, address[0]);
        ahead.Headers.Add("Sec-Purpose", "prefetch;prerender");

        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(ahead)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(address[0]))).StatusCode);
    }

    [SkippableFact]
    public async Task Token_TakenByAnotherUser_IsRefusedAndStaysGood()
    {
        Server.Requires("python3", "setpriv");
        Server.RequiresThat(Environment.UserName == "root", "only root can be somebody else");
        var address = new List<string>();
        await using Portia portia = await OpenPage.StartAsync(_folder.Path, address);
        string[] asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c"];
        string script = $"import urllib.request, urllib.error\ntry: print(urllib.request.urlopen('{address[0]}').status)\nexcept urllib.error.HTTPError as e: print(e.code)";

        await using Server thief = Server.Start("/", "setpriv", [.. asNobody, script]);
        await thief.WaitForExitAsync();
        await thief.PrintsAsync("403");

        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(address[0]))).StatusCode);
    }

    [Fact]
    public async Task Cookie_MissingOrWrong_NothingIsServed()
    {
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);

        foreach (string cookie in (string[])["portia-1=x", page.Cookie + "x", page.Cookie.Split('=')[0] + "="])
        {
            foreach (string path in (string[])["/", page.Folder, page.Folder + "page.js", page.Folder + "api/incidents", page.Folder + "api/events"])
            {
                using HttpResponseMessage answer = await page.SendAsync(HttpMethod.Get, path, cookie);
                Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
                Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
            }
        }

        using HttpResponseMessage outside = await page.SendAsync(HttpMethod.Get, "/api/incidents");
        Assert.Equal(HttpStatusCode.Forbidden, outside.StatusCode);
        using HttpResponseMessage inside = await page.SendAsync(HttpMethod.Get, page.Folder);
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
    }

    [Fact]
    public async Task Host_ForeignName_IsRefused()
    {
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);
        int port = page.Address.Port;

        foreach (string host in (string[])["evil.example", $"evil.example:{port}", $"127.0.0.1.evil.example:{port}", "127.0.0.1", $"127.0.0.1:{port + 1}", $"[::1]:{port}", $"localhost.:{port}"])
        {
            using HttpResponseMessage answer = await page.SendAsync(HttpMethod.Get, page.Folder + "api/incidents", headers: ("Host", host));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using HttpResponseMessage byName = await page.SendAsync(HttpMethod.Get, page.Folder + "api/incidents", headers: ("Host", $"localhost:{port}"));
        Assert.Equal(HttpStatusCode.OK, byName.StatusCode);
    }

    [Fact]
    public async Task Change_NotOfThePage_IsRefused()
    {
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);
        int port = page.Address.Port;
        (string, string?)[] lies =
        [
            ("Origin", null), ("Origin", "null"), ("Origin", "http://evil.example"), ("Origin", $"http://127.0.0.1:{port - 1}"), ("Origin", $"http://localhost:{port}"),
            ("Origin", $"https://127.0.0.1:{port}"), ("X-Portia", null), ("X-Portia", "0"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Cookie", ""),
        ];

        foreach ((string, string?) lie in lies)
        {
            using HttpResponseMessage answer = await page.SendAsync(HttpMethod.Post, page.Folder + "api/strike", headers: lie);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using HttpResponseMessage byGet = await page.SendAsync(HttpMethod.Get, page.Folder + "api/strike");
        Assert.Equal(HttpStatusCode.NotFound, byGet.StatusCode);
        using HttpResponseMessage byPut = await page.SendAsync(HttpMethod.Put, page.Folder + "api/strike");
        Assert.Equal(HttpStatusCode.Forbidden, byPut.StatusCode);
        using HttpResponseMessage empty = await page.SendAsync(HttpMethod.Post, page.Folder + "api/strike");
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
    }

    [Fact]
    public async Task Question_FromAnotherOrigin_IsRefused()
    {
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);

        foreach ((string, string?) lie in ((string, string?)[])[("Origin", "http://127.0.0.1:3000"), ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Site", "cross-site")])
        {
            using HttpResponseMessage answer = await page.SendAsync(HttpMethod.Get, page.Folder + "api/ports", headers: lie);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Answer_Any_AllowsNothingInlineAndIsNotKept()
    {
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);

        foreach (string path in (string[])["/", page.Folder, page.Folder + "page.css", page.Folder + "api/status", page.Folder + "none"])
        {
            using HttpResponseMessage answer = await page.SendAsync(HttpMethod.Get, path);
            string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.True(answer.Headers.CacheControl?.NoStore);
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Server_NobodyLooks_Ends()
    {
        var address = new List<string>();
        await using Portia portia = await OpenPage.StartAsync(_folder.Path, address, "--idle", "300ms");

        Assert.Equal(0, await portia.WaitForExitAsync());
        Assert.Contains("portia ui", portia.Messages, StringComparison.Ordinal);
    }
}
