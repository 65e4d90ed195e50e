using System.Globalization;
using System.Text.Json;
using PortiaWatch.Tests.Completion;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Top;

public sealed class TopOnTerminalTests : IDisposable
{
    private const string HostileName = "[red]x";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Top_OnATerminal_FiltersShowsStrikesAndGivesTheTerminalBack()
    {
        Server.Requires("python3");
        int port = Server.FreePort();
        await using Server server = await Server.Start(_folder.Path, "python3", "-c", Hostile(port)).PrintsAsync("ready");
        await using ShellScreen shell = await ShellAsync("/dev/null/none");

        await shell.TypeAsync($"cd {_folder.Path}; stty -g > before; portia top; echo co''de $?; stty -g > after; cmp before after && echo sa''me\n");
        await shell.ShowsAsync("none runs. w starts one");
        await shell.TypeAsync($"/{port}\r");
        await shell.ShowsAsync($"1 port, 0 incidents, by port, only \"{port}\"");
        await shell.ShowsAsync(HostileName);
        await shell.TypeAsync("\r");
        await shell.ShowsAsync($"127.0.0.1:{port} is held");
        await shell.TypeAsync("\e");
        await shell.ShowsAsync("INCIDENTS");
        await shell.TypeAsync("x");
        await shell.ShowsAsync($"Strike {HostileName} (pid {server.Pid}) on 127.0.0.1:{port}? [y/N]");
        await shell.TypeAsync("n");
        await shell.ShowsAsync("Left alone.");
        Assert.False(server.HasExited);

        // What was typed before the question stood there is no answer to it.
        await shell.TypeAsync("xy");
        await shell.ShowsAsync("? [y/N]");
        Assert.False(server.HasExited);
        await shell.TypeAsync("y");
        await shell.ShowsAsync($"127.0.0.1:{port} is free");
        Assert.Equal(128 + Signals.Terminate, await server.WaitForExitAsync());
        await shell.TypeAsync("q");
        await shell.ShowsAsync("code 0");
        await shell.ShowsAsync("same");
    }

    [SkippableFact]
    public async Task Top_WatcherThatRestarts_ShowsItsIncidentsAndFollowsTheNext()
    {
        await using Watcher first = await Watcher.StartAsync(_folder);
        await using ShellScreen shell = await ShellAsync(_folder.Path);
        await shell.TypeAsync($"cd {_folder.Path}; stty -g > before; sh -c 'echo $$ > pid; exec portia top'; echo co''de $?; stty -g > after; cmp before after && echo sa''me\n");
        await shell.ShowsAsync($"WATCHER  pid {first.Portia.Pid}");

        await first.SendAsync("""{"schema":"portia.request/1","do":"hook","hook":{"transport":"tcp","address":"127.0.0.1","port":19}}""");
        await shell.ShowsAsync("logged");
        Signals.Send(first.Portia.Pid, Signals.Terminate);
        await first.Portia.WaitForExitAsync();
        await shell.ShowsAsync("WATCHER  none runs");
        await using Watcher second = await Watcher.StartAsync(_folder);
        await shell.ShowsAsync($"The watcher runs again, pid {second.Portia.Pid}");
        await shell.ShowsAsync("logged");

        // Ended by a signal, it gives the terminal back all the same.
        Signals.Send(int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "pid")), CultureInfo.InvariantCulture), Signals.Terminate);
        await shell.ShowsAsync("code 143");
        await shell.ShowsAsync("same");
    }

    [SkippableFact]
    public async Task Top_WithoutAWatcher_StartsOneThatOutlivesIt()
    {
        string file = _folder.Write("own.json", """{ "sources": { "kernel": false, "systemLog": false }, "rules": [] }""");
        await using var watcher = new LooseWatcher(_folder.Path);
        await using (ShellScreen shell = await ShellAsync(_folder.Path))
        {
            await shell.TypeAsync($"portia top --config {file}; echo co''de $?\n");
            await shell.ShowsAsync("none runs. w starts one");
            await shell.TypeAsync("w");
            await shell.ShowsAsync("Watcher started, pid ");
            await shell.ShowsAsync($"WATCHER  pid {await watcher.PidAsync()}");
            await shell.TypeAsync("w");
            await shell.ShowsAsync("A watcher runs already");
            await shell.TypeAsync("q");
            await shell.ShowsAsync("code 0");
        }

        Assert.NotNull(await watcher.PidAsync());
    }

    [SkippableFact]
    public async Task Top_WatcherThatCannotStart_SaysWhy()
    {
        string configuration = Path.Combine(_folder.Path, "config");
        Directory.CreateDirectory(Path.Combine(configuration, "portia"));
        await File.WriteAllTextAsync(Path.Combine(configuration, "portia", "portia.json"), "{ \"rules\": 7 }");
        await using ShellScreen shell = await ShellAsync(_folder.Path);
        await shell.TypeAsync($"XDG_CONFIG_HOME={configuration} portia top\n");
        await shell.ShowsAsync("none runs. w starts one");
        await shell.TypeAsync("w");
        await shell.ShowsAsync("The watcher did not start. It said: ");
        await shell.ShowsAsync("rules");
    }

    [SkippableFact]
    public async Task Top_TerminalThatGoes_Ends()
    {
        await using (ShellScreen shell = await ShellAsync("/dev/null/none"))
        {
            await shell.TypeAsync($"cd {_folder.Path}; sh -c 'echo $$ > pid; exec portia top'\n");
            await shell.ShowsAsync("INCIDENTS");
        }

        await Orphan.GoneAsync(int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "pid")), CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("top")]
    [InlineData("top", "--json")]
    public async Task Top_WithoutATerminal_SaysWhatToUseInstead(params string[] arguments)
    {
        Portia.Answer answer = await Portia.RunAsync(arguments);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("portia list", answer.Messages, StringComparison.Ordinal);
    }

    private Task<ShellScreen> ShellAsync(string session) =>
        ShellScreen.StartAsync("bash", "bash --norc --noprofile", $"export XDG_RUNTIME_DIR={session} XDG_DATA_HOME={_folder.Path}/data XDG_STATE_HOME={_folder.Path}/state NO_COLOR=1");

    private static string Hostile(int port) => $$"""
        import ctypes, socket, time
        ctypes.CDLL(None).prctl(15, {{JsonSerializer.Serialize("[red]")}}.encode() + b"\x1b[2Jx", 0, 0, 0)
        server = socket.create_server(("127.0.0.1", {{port}}))
        print("ready", flush=True)
        time.sleep(600)
        """;
}
