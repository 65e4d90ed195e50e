using System.Net;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Web;

/// <summary>What the page is told, and what it can do, with a real watcher, a real server and a real collision.</summary>
public sealed class PageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PageTests() => Portia.DataHome = _folder.Path;

    public void Dispose()
    {
        Portia.DataHome = null;
        _folder.Dispose();
    }

    [SkippableFact]
    public async Task Events_RealCollision_IsToldAndStandsInTheHistoryWithItsRule()
    {
        await using Collision collision = await Collision.PrepareAsync(_folder);
        await collision.WatchAsync();
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);
        using EventStream events = await page.FollowAsync();
        Assert.Equal(collision.Watcher!.Portia.Pid, (await events.ReadAsync("watcher")).GetProperty("pid").GetInt32());

        await collision.HappenAsync();

        JsonElement incident = await events.ReadAsync("incident");
        Assert.Equal(collision.Port, incident.GetProperty("endpoint").GetProperty("port").GetInt32());
        Assert.Equal(collision.Server.Pid, incident.GetProperty("holders")[0].GetProperty("pid").GetInt32());
        await events.ReadAsync("incident");
        JsonElement row = Assert.Single((await page.AskAsync("api/incidents")).GetProperty("incidents").EnumerateArray());
        Assert.Equal(incident.GetProperty("id").GetString(), row.GetProperty("id").GetString());
        JsonElement whole = await page.AskAsync($"api/incident?id={row.GetProperty("number").GetInt64()}");
        JsonElement rules = whole.GetProperty("explanation").GetProperty("rules");
        Assert.True(rules.GetArrayLength() > 0);
        Assert.Contains("EADDRINUSE", whole.GetProperty("story").GetProperty("collision").GetProperty("text").GetString(), StringComparison.Ordinal);
        JsonElement stats = await page.AskAsync("api/stats");
        Assert.Equal($"{collision.Port}", stats.GetProperty("ports")[0].GetProperty("port").GetString());
    }

    [SkippableFact]
    public async Task Events_WatcherGoesAndComes_IsTold()
    {
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);
        using EventStream events = await page.FollowAsync();
        Assert.False((await events.ReadAsync("watcher")).GetProperty("running").GetBoolean());
        Assert.False((await page.AskAsync("api/status")).GetProperty("running").GetBoolean());

        await using (Watcher first = await Watcher.StartAsync(_folder))
        {
            Assert.Equal(first.Portia.Pid, (await events.ReadAsync("watcher")).GetProperty("pid").GetInt32());
        }

        Assert.False((await events.ReadAsync("watcher")).GetProperty("running").GetBoolean());
        await using Watcher second = await Watcher.StartAsync(_folder);
        Assert.Equal(second.Portia.Pid, (await events.ReadAsync("watcher")).GetProperty("pid").GetInt32());
        Assert.True((await page.AskAsync("api/status")).GetProperty("running").GetBoolean());
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Strike_HolderAsShown_FreesThePort(bool withWatcher)
    {
        await using Collision collision = await Collision.PrepareAsync(_folder);
        if (withWatcher)
            await collision.WatchAsync();
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);
        JsonElement holder = Assert.Single((await page.AskAsync($"api/holding?target={collision.Port}")).GetProperty("holders").EnumerateArray());
        Assert.Equal(collision.Server.Pid, holder.GetProperty("mark").GetProperty("pid").GetInt32());

        JsonElement answer = await page.StrikeAsync($"{collision.Port}", holder.GetProperty("mark"));

        Assert.Equal("freed", answer.GetProperty("outcome").GetString());
        Assert.Equal(collision.Server.Pid, answer.GetProperty("signalled")[0].GetInt32());
        await collision.Server.WaitForExitAsync();
        if (withWatcher)
            await collision.Watcher!.Portia.WaitForMessageAsync($"free {collision.Port}, asked for by pid {page.Portia.Pid}");
    }

    [Fact]
    public async Task Watch_WithoutAWatcher_StartsOneThatOutlivesThePage()
    {
        string file = _folder.Write("own.json", """{ "sources": { "kernel": false, "systemLog": false }, "rules": [] }""");
        await using var watcher = new LooseWatcher(_folder.Path);
        await using (OpenPage page = await OpenPage.OpenAsync(_folder.Path, "--config", file))
        {
            using EventStream events = await page.FollowAsync();
            Assert.False((await events.ReadAsync("watcher")).GetProperty("running").GetBoolean());

            using HttpResponseMessage answer = await page.SendAsync(HttpMethod.Post, page.Folder + "api/watch");

            Assert.Contains("Watcher started", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(await watcher.PidAsync(), (await events.ReadAsync("watcher")).GetProperty("pid").GetInt32());
            using HttpResponseMessage again = await page.SendAsync(HttpMethod.Post, page.Folder + "api/watch");
            Assert.Contains("runs already", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.NotNull(await watcher.PidAsync());
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leave_LoggedIncident_IsOnRecordAndToldToWhoeverFollows(bool withWatcher)
    {
        await using Collision collision = await Collision.PrepareAsync(_folder);
        Watcher watcher = await collision.WatchAsync();
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);
        using EventStream events = await page.FollowAsync();
        await collision.HappenAsync();
        string id = (await events.ReadAsync("incident")).GetProperty("id").GetString()!;
        await events.ReadAsync("incident");
        if (!withWatcher)
            await watcher.DisposeAsync();
        string sentence = $"You left shop-server (pid {collision.Server.Pid}) alone.";

        JsonElement answer = await page.LeaveAsync(id);

        Assert.True(answer.GetProperty("left").GetBoolean());
        Assert.Equal(sentence, answer.GetProperty("sentence").GetString());
        if (withWatcher)
            Assert.Equal(sentence, (await events.ReadAsync("incident")).GetProperty("outcome").GetProperty("sentence").GetString());
        JsonElement story = (await page.AskAsync($"api/incident?id={id}")).GetProperty("story");
        Assert.Equal("left", story.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Equal(sentence, story.GetProperty("outcome").GetProperty("sentence").GetString());
        Assert.Equal("unknown", (await page.LeaveAsync("nothing-of-the-kind")).GetProperty("code").GetString());
        Assert.Equal("noRequest", (await page.LeaveAsync(new string('x', 65))).GetProperty("code").GetString());
        Assert.False(collision.Server.HasExited);
    }

    [Fact]
    public async Task Leave_SuspendedWatcher_SaysSo()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);
        Signals.Send(watcher.Portia.Pid, Signals.Stop);

        JsonElement answer = await page.LeaveAsync("some-incident");

        Assert.False(answer.GetProperty("left").GetBoolean());
        Assert.Contains($"kill -CONT {watcher.Portia.Pid}", answer.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Strike_AnotherThanShown_StrikesNobody()
    {
        await using Collision collision = await Collision.PrepareAsync(_folder);
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);
        JsonElement mark = (await page.AskAsync($"api/holding?target={collision.Port}")).GetProperty("holders")[0].GetProperty("mark");
        var (pid, generation, image) = (mark.GetProperty("pid").GetInt32(), mark.GetProperty("generation").GetString(), mark.GetProperty("image").GetString());

        foreach (object stale in (object[])[new { pid, generation = "1", image }, new { pid, generation, image = "1" }, new { pid = pid + 1, generation, image }])
        {
            JsonElement answer = await page.StrikeAsync($"{collision.Port}", JsonSerializer.SerializeToElement(stale));
            Assert.Equal("refused", answer.GetProperty("outcome").GetString());
            Assert.Contains("no longer held", answer.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        }

        foreach (object unfinished in (object[])[new { pid }, new { pid, generation }, new { pid, generation, image = (string?)null }])
        {
            JsonElement answer = await page.StrikeAsync($"{collision.Port}", JsonSerializer.SerializeToElement(unfinished));
            Assert.Equal("noRequest", answer.GetProperty("code").GetString());
        }

        Assert.Equal("noRequest", (await page.StrikeAsync($"{collision.Port}")).GetProperty("code").GetString());
        Assert.False(collision.Server.HasExited);
    }

    [SkippableFact]
    public async Task Strike_ProtectedHolder_IsRefused()
    {
        await using Collision collision = await Collision.PrepareAsync(_folder);
        string config = _folder.Write("own.json", """{ "protect": { "process": ["shop-server"] } }""");
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path, "--config", config);
        JsonElement holder = (await page.AskAsync($"api/holding?target={collision.Port}")).GetProperty("holders")[0];
        Assert.Contains("protect", holder.GetProperty("protection").GetString(), StringComparison.OrdinalIgnoreCase);

        JsonElement answer = await page.StrikeAsync($"{collision.Port}", holder.GetProperty("mark"));

        Assert.Equal("refused", answer.GetProperty("outcome").GetString());
        Assert.False(collision.Server.HasExited);
    }

    [SkippableFact]
    public async Task Names_Hostile_AreTextWithoutControlCharacters()
    {
        const string Hostile = "<b onx=1>\u001b[31m\u202e";
        await using Collision collision = await Collision.PrepareAsync(_folder, Hostile);
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);

        using HttpResponseMessage answer = await page.SendAsync(HttpMethod.Get, page.Folder + $"api/holding?target={collision.Port}");

        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        JsonElement holder = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("holders")[0].GetProperty("holder");
        Assert.StartsWith("<b onx=1>", holder.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(holder.ToString(), char.IsControl);
        Assert.DoesNotContain("\u202e", string.Join(' ', holder.GetProperty("command").EnumerateArray().Select(word => word.GetString())), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Ports_SeenAlready_AreNotDescribedAgain()
    {
        await using Collision collision = await Collision.PrepareAsync(_folder);
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);
        JsonElement first = await page.AskAsync("api/ports?seen=");
        string seen = first.GetProperty("state").GetString()!;
        Assert.Contains(first.GetProperty("holders").EnumerateArray(), entry => entry.GetProperty("mark").TryGetProperty("pid", out JsonElement pid) && pid.GetInt32() == collision.Server.Pid);

        // Servers of others may come and go on this machine meanwhile; then it is described again, once.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await AgainAsync() is { } changed)
        {
            Assert.NotEqual(seen, changed);
            seen = changed;
            patience.Token.ThrowIfCancellationRequested();
        }

        Signals.Send(collision.Server.Pid, Signals.Kill);
        await collision.Server.WaitForExitAsync();
        Assert.DoesNotContain(
            (await page.AskAsync("api/ports")).GetProperty("holders").EnumerateArray(),
            entry => entry.GetProperty("mark").TryGetProperty("pid", out JsonElement pid) && pid.GetInt32() == collision.Server.Pid);

        async Task<string?> AgainAsync()
        {
            using HttpResponseMessage again = await page.SendAsync(HttpMethod.Get, page.Folder + $"api/ports?seen={seen}");
            return again.StatusCode == HttpStatusCode.NoContent ? null : JsonDocument.Parse(await again.Content.ReadAsStringAsync()).RootElement.GetProperty("state").GetString();
        }
    }

    [Fact]
    public async Task Questions_OutOfRange_AreAnsweredPlainly()
    {
        await using OpenPage page = await OpenPage.OpenAsync(_folder.Path);

        Assert.Equal(0, (await page.AskAsync("api/incidents?limit=99999999999&before=-1&port=x")).GetProperty("incidents").GetArrayLength());
        Assert.Equal("portia.stats/1", (await page.AskAsync("api/stats?days=0")).GetProperty("schema").GetString());
        foreach (string name in (string[])["api/incident?id=1", "api/incident", "api/holding?target=", "api/holding?target=99999", "api/%2e%2e/x", "..%2fportia"])
        {
            using HttpResponseMessage answer = await page.SendAsync(HttpMethod.Get, page.Folder + name);
            Assert.InRange((int)answer.StatusCode, 400, 404);
        }
    }
}
