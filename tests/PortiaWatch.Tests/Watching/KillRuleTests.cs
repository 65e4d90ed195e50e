using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Watching;

public sealed class KillRuleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Watch_KillRuleThatTrustsText_FreesThePortBySigterm()
    {
        int port = Server.FreePort();
        await using Server holder = await NodeAsync(port);
        await using Server refused = Server.Start(_folder.Path, "/usr/bin/node", "server.js");
        await refused.WaitForExitAsync();

        JsonElement incident = await WatchAsync(refused.Output, KillRule(port, """ "trust": "text", """));

        Assert.Equal("kill", incident.GetProperty("verdict").GetProperty("action").GetString());
        Assert.Equal("freed", incident.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Equal(128 + Signals.Terminate, await holder.WaitForExitAsync());
        await using Server next = await NodeAsync(port);
        Assert.False(next.HasExited);
    }

    [SkippableFact]
    public async Task Watch_ForgedLineAndAKillRule_StopsNothingAndSaysWhy()
    {
        int port = Server.FreePort();
        await using Server holder = await NodeAsync(port);

        JsonElement incident = await WatchAsync($"Error: listen EADDRINUSE: address already in use 127.0.0.1:{port}\n", KillRule(port, ""));

        Assert.Equal("kill", incident.GetProperty("verdict").GetProperty("asked").GetString());
        Assert.NotEqual("kill", incident.GetProperty("verdict").GetProperty("action").GetString());
        Assert.NotEmpty(incident.GetProperty("verdict").GetProperty("reason").GetString()!);
        Assert.False(holder.HasExited);
    }

    [SkippableFact]
    public async Task Watch_DryRun_SaysWhatItWouldDoAndDoesNot()
    {
        int port = Server.FreePort();
        await using Server holder = await NodeAsync(port);

        JsonElement incident = await WatchAsync($"Error: listen EADDRINUSE: address already in use 127.0.0.1:{port}\n", KillRule(port, """ "trust": "text", """), "--dry-run");

        Assert.Equal("dryRun", incident.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.False(holder.HasExited);
    }

    [SkippableFact]
    public async Task Watch_ProtectedHolder_IsRefused()
    {
        int port = Server.FreePort();
        await using Server holder = await NodeAsync(port);
        string config = KillRule(port, """ "trust": "text", """, """, "protect": { "process": ["node"] } """);

        JsonElement incident = await WatchAsync($"Error: listen EADDRINUSE: address already in use 127.0.0.1:{port}\n", config);

        Assert.NotEqual("freed", incident.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.False(holder.HasExited);
    }

    private static string KillRule(int port, string trust, string more = "") =>
        $$"""{ "rules": [ { "name": "node on my port", "ports": [{{port}}], "holder": { "process": ["node"] }, {{trust}} "action": "kill" } ] {{more}} }""";

    private async Task<JsonElement> WatchAsync(string text, string config, params string[] more)
    {
        Portia.Answer answer = await Portia.PipeAsync(text, ["watch", "--source", "stdin", "--json", "--config", _folder.Write("portia.json", config), .. more]);
        Assert.True(answer.ExitCode == 0, answer.Messages);
        return Assert.Single(answer.JsonLines);
    }

    private Task<Server> NodeAsync(int port)
    {
        Server.Requires("node");
        _folder.Write("server.js", $"require('http').createServer().listen({port}, '127.0.0.1')");
        return Server.Start(_folder.Path, "/usr/bin/node", "server.js").ListensOnAsync(port);
    }
}
