using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Control;

/// <summary>With a watcher running, a strike by hand goes through it, and looks the same.</summary>
public sealed class FreeByWatcherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Free_HeldPort_IsStruckByTheWatcherWithTheSameAnswer()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Server server = await ServeAsync(out int port);

        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "free", $"{port}", "--yes", "--json");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("portia.strike/1", answer.Json.GetProperty("schema").GetString());
        Assert.Equal("freed", answer.Json.GetProperty("outcome").GetString());
        Assert.Equal(server.Pid, answer.Json.GetProperty("signalled")[0].GetInt32());
        Assert.True(answer.Json.GetProperty("tookMilliseconds").GetDouble() > 0);
        await server.WaitForExitAsync();
        await watcher.Portia.WaitForMessageAsync($"free {port}, asked for by pid");
        Assert.Equal(1, (await watcher.StatusAsync()).GetProperty("counters").GetProperty("strikes").GetProperty("freed").GetInt32());
    }

    [SkippableFact]
    public async Task Free_ProtectedByTheWatchersConfiguration_IsRefused()
    {
        await using Watcher watcher = await Watcher.StartAsync(
            _folder, """{ "sources": { "kernel": false, "systemLog": false }, "protect": { "process": ["python*"] } }""");
        await using Server server = await ServeAsync(out int port);

        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "free", $"{port}", "--yes", "--json");

        Assert.Equal(4, answer.ExitCode);
        Assert.Equal("refused", answer.Json.GetProperty("outcome").GetString());
        Assert.False(server.HasExited);
    }

    [SkippableFact]
    public async Task Free_DryRun_SignalsNothing()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Server server = await ServeAsync(out int port);

        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "free", $"{port}", "--dry-run", "--json");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("dryRun", answer.Json.GetProperty("outcome").GetString());
        Assert.False(server.HasExited);
    }

    [SkippableFact]
    public async Task Request_ThatNamesAnotherProcess_StrikesNobody()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Server server = await ServeAsync(out int port);
        string version = JsonSerializer.Serialize((await watcher.StatusAsync()).GetProperty("version").GetString());

        foreach (string holders in (string[])["", $$"""{"pid":{{server.Pid}},"generation":1,"image":1}"""])
        {
            string? answer = await watcher.SendAsync($$$"""{"schema":"portia.request/1","do":"free","free":{"version":{{{version}}},"target":"{{{port}}}","holders":[{{{holders}}}]}}""");

            JsonElement result = JsonDocument.Parse(answer ?? "").RootElement;
            Assert.Equal("portia.freed/1", result.GetProperty("schema").GetString());
            Assert.Equal("takenAgain", result.GetProperty("outcome").GetString());
            Assert.Empty(result.GetProperty("signalled").EnumerateArray());
        }

        Assert.False(server.HasExited);
    }

    [Fact]
    public async Task Request_OfAnotherBuild_IsLeftToTheClient()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);

        string? answer = await watcher.SendAsync("""{"schema":"portia.request/1","do":"free","free":{"version":"0.0.1","target":"3000","holders":[]}}""");

        Assert.Contains("yourself", answer, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Free_WatcherThatOnlyLooksOn_IsDoneByTheClient()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder, arguments: "--lite");
        await using Server server = await ServeAsync(out int port);

        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "free", $"{port}", "--yes", "--json");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("freed", answer.Json.GetProperty("outcome").GetString());
        Assert.DoesNotContain("asked for by", watcher.Portia.Messages, StringComparison.Ordinal);
    }

    private Task<Server> ServeAsync(out int port)
    {
        Server.Requires("python3");
        port = Server.FreePort();
        string script = _folder.Write("server.py", $"""
            import socket
            s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", {port})); s.listen()
            print("ready", flush=True)
            while True: s.accept()
            """);
        return Server.Start(_folder.Path, "/usr/bin/python3", script).PrintsAsync("ready");
    }
}
