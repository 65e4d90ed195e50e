using PortiaWatch.Tests.Running;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Watching;

/// <summary>A watcher in a terminal asks one question at a time and keeps it on the screen.</summary>
public sealed class TerminalQuestionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Ask_SecondIncident_WaitsForItsTurnAndTheQuestionIsDrawnAgain()
    {
        Server.Requires("python3", "tail");
        (int first, int second) = (Server.FreePort(), Server.FreePort());
        await using Server one = await ServeAsync(first);
        await using Server two = await ServeAsync(second);
        string lines = _folder.Write("lines", "");
        _folder.Write("portia.json", $$"""{ "rules": [ { "ports": [{{first}}, {{second}}], "trust": "text", "action": "ask" } ] }""");
        await using Typist typist = Typist.Start(_folder.Path, "sh", "-c", "tail -n +1 -f lines | portia watch --source stdin --config portia.json");
        await typist.SeesAsync("watching stdin");

        await File.AppendAllTextAsync(lines, Refusal(first));
        await typist.SeesAsync("Type \"strike 1\" to strike");
        await File.AppendAllTextAsync(lines, Refusal(second));

        await typist.SeesAsync($"{second} is taken");
        await typist.SeesAsync("Type \"strike 1\" to strike");
        typist.Type("strike 1\r");
        await typist.SeesAsync("freed");
        await typist.SeesAsync("Type \"strike 2\" to strike");
        typist.Type("\r");
        await typist.SeesAsync("left");

        await one.WaitForExitAsync();
        Assert.False(two.HasExited);
        Assert.DoesNotContain("could not be asked", typist.Shown, StringComparison.Ordinal);
        typist.Type("\u0003");
    }

    private static string Refusal(int port) => $"Error: listen EADDRINUSE: address already in use 127.0.0.1:{port}\n";

    private Task<Server> ServeAsync(int port) => Server.Start(
        _folder.Path, "/usr/bin/python3", "-u", "-c", $"import socket, time; s = socket.create_server(('127.0.0.1', {port})); print('up'); time.sleep(120)").PrintsAsync("up");
}
