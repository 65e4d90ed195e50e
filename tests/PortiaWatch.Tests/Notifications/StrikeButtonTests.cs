using System.Text.Json;
using PortiaWatch.Linux.Tests.Notifications;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Notifications;

/// <summary>A real collision, the built watcher, a real notification on a real display, and a mouse that presses its button.</summary>
public sealed class StrikeButtonTests : IDisposable
{
    // Buttons, counted from the right.
    private const int Leave = 1;
    private const int Strike = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(Strike, "freed")]
    [InlineData(Leave, "left")]
    public async Task Watch_ButtonPressed_IsWhatHappens(int button, string expected)
    {
        Server.Requires("node");
        await using Desktop desktop = await Desktop.StartAsync(withNotifications: true);
        int port = Server.FreePort();
        _folder.Write("server.js", $"require('http').createServer().listen({port}, '127.0.0.1')");
        string config = _folder.Write("portia.json", $$"""{ "rules": [ { "ports": [{{port}}], "trust": "text", "action": "ask" } ] }""");
        await using Server holder = await Server.Start(_folder.Path, "/usr/bin/node", "server.js").ListensOnAsync(port);
        await using Portia watcher = Portia.Start(
            ["watch", "--source", "stdin", "--json", "--config", config], [.. desktop.Session.Select(variable => (variable.Key, variable.Value))]);

        await using Server refused = Server.Start(_folder.Path, "/usr/bin/node", "server.js");
        await refused.WaitForExitAsync();
        await watcher.Input.WriteAsync(refused.Output);
        await watcher.Input.FlushAsync();
        await desktop.PressAsync(button);

        JsonElement incident = JsonDocument.Parse(await watcher.ReadLineAsync() ?? "").RootElement;
        Assert.Equal("ask", incident.GetProperty("verdict").GetProperty("action").GetString());
        Assert.Equal(expected, incident.GetProperty("outcome").GetProperty("kind").GetString());
        if (expected == "freed")
            Assert.Equal(128 + Signals.Terminate, await holder.WaitForExitAsync());
        else
            Assert.False(holder.HasExited);
    }
}
