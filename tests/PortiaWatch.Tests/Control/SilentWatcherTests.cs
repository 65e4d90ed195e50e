using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Control;

/// <summary>A watcher that is suspended hangs nobody, and strikes nobody once it wakes.</summary>
public sealed class SilentWatcherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Free_SuspendedWatcher_SaysSoAndNobodyIsStruckWhenItWakes()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Server server = await ServeAsync(out int port);
        Signals.Send(watcher.Portia.Pid, Signals.Stop);

        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "free", $"{port}", "--yes");

        Assert.Equal(4, answer.ExitCode);
        Assert.Contains($"The watcher (pid {watcher.Portia.Pid}) does not answer, so nothing was stopped", answer.Output, StringComparison.Ordinal);
        Assert.Contains($"kill -CONT {watcher.Portia.Pid}", answer.Output, StringComparison.Ordinal);

        Signals.Send(watcher.Portia.Pid, Signals.Continue);
        JsonElement status = await watcher.WaitForAsync(status => status.GetProperty("running").GetBoolean());
        Assert.Equal("{}", status.GetProperty("counters").GetProperty("strikes").GetRawText());
        Assert.False(server.HasExited);
        Assert.Equal(0, (await Portia.RunInAsync(_folder.Path, "free", $"{port}", "--yes")).ExitCode);
        await watcher.Portia.WaitForMessageAsync($"free {port}, asked for by pid");
        Assert.Single(watcher.Portia.Messages.Split('\n'), line => line.Contains("asked for by pid", StringComparison.Ordinal) && line.Contains("is free", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DoctorAndTail_SuspendedWatcher_SaySo()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        JsonElement before = await CheckAsync("control socket");
        JsonElement background = await CheckAsync("background watcher");
        Signals.Send(watcher.Portia.Pid, Signals.Stop);

        JsonElement after = await CheckAsync("control socket");
        JsonElement unheard = await CheckAsync("background watcher");
        Portia.Answer tail = await Portia.RunInAsync(_folder.Path, "tail");
        Portia.Answer bare = await Portia.RunInAsync(_folder.Path);

        Assert.Equal("ok", before.GetProperty("state").GetString());
        Assert.Equal("ok", background.GetProperty("state").GetString());
        Assert.Contains($"{watcher.Portia.Pid}", background.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.Equal("limited", after.GetProperty("state").GetString());
        Assert.Contains($"kill -CONT {watcher.Portia.Pid}", after.GetProperty("mend").GetString(), StringComparison.Ordinal);
        Assert.Contains($"The watcher (pid {watcher.Portia.Pid}) does not answer", bare.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("portia install  ", bare.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("portia watch  ", bare.Output, StringComparison.Ordinal);
        Assert.Equal(after.GetProperty("mend").GetString(), unheard.GetProperty("mend").GetString());
        Assert.Equal(1, tail.ExitCode);
        Assert.Contains("does not answer", tail.Messages, StringComparison.Ordinal);

        async Task<JsonElement> CheckAsync(string name) =>
            (await Portia.RunInAsync(_folder.Path, "doctor", "--json")).JsonLines.Single(line => line.GetProperty("name").GetString() == name);
    }

    [SkippableFact]
    public async Task Free_LongGrace_IsWaitedForBeatByBeat()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Server server = await ServeAsync(out int port, "import signal, threading; signal.signal(15, lambda *_: threading.Timer(6.5, lambda: __import__('os')._exit(0)).start())");

        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "free", $"{port}", "--yes", "--json", "--grace", "30s");

        Assert.Equal("freed", answer.Json.GetProperty("outcome").GetString());
        Assert.True(answer.Json.GetProperty("tookMilliseconds").GetDouble() > 5000);
    }

    [SkippableFact]
    public async Task Free_WatcherSuspendedInTheMiddle_IsSaidAndNotTriedAgain()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Server server = await ServeAsync(out int port, "import signal; signal.signal(15, lambda *_: print('asked', flush=True))");
        await using Portia free = Portia.StartIn(_folder.Path, "free", $"{port}", "--yes", "--json", "--grace", "60s");
        await server.PrintsAsync("asked");

        Signals.Send(watcher.Portia.Pid, Signals.Stop);

        Assert.Contains("stopped answering in the middle of the strike", await free.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(5, await free.WaitForExitAsync());
        Assert.Single(server.Output.Split('\n'), line => line == "asked");
    }

    [SkippableFact]
    public async Task Order_WhoseWordComesTooLate_IsNotCarriedOut()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Server server = await ServeAsync(out int port);
        string version = JsonSerializer.Serialize((await watcher.StatusAsync()).GetProperty("version").GetString());
        using Socket client = await Watcher.ConnectAsync(_folder.Path);
        await client.SendAsync(Encoding.UTF8.GetBytes(
            $$$"""{"schema":"portia.request/1","do":"free","free":{"version":{{{version}}},"target":"{{{port}}}","beats":true,"holders":[]}}""" + "\n"));
        Assert.Contains("portia.beat/1", await Watcher.ReadLineAsync(client), StringComparison.Ordinal);

        // The word lies there when the watcher wakes, and is two seconds old by then.
        Signals.Send(watcher.Portia.Pid, Signals.Stop);
        await client.SendAsync("""{"schema":"portia.request/1","do":"go"}"""u8.ToArray().Append((byte)'\n').ToArray());
        long since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(2.2))
            await Task.Delay(50);
        Signals.Send(watcher.Portia.Pid, Signals.Continue);

        Assert.Contains("silent", await Watcher.ReadLineAsync(client), StringComparison.Ordinal);
        await watcher.Portia.WaitForMessageAsync("the client did not wait");
    }

    [Fact]
    public async Task Free_WatcherThatLetsNobodyIn_IsRefusedWithoutAHang()
    {
        // A backlog that is full, as hooks make it while the watcher is suspended.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "portia"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Watcher.SocketIn(_folder.Path)));
        listener.Listen(1);
        using Socket first = await Watcher.ConnectAsync(_folder.Path);
        using Socket second = await Watcher.ConnectAsync(_folder.Path);
        await using Server server = await ServeAsync(out int port);

        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "free", $"{port}", "--yes");

        Assert.Equal(4, answer.ExitCode);
        Assert.Contains("The watcher does not answer", answer.Output, StringComparison.Ordinal);
        Assert.False(server.HasExited);
    }

    private Task<Server> ServeAsync(out int port, string first = "")
    {
        Server.Requires("python3");
        port = Server.FreePort();
        string script = _folder.Write("server.py", $"""
            import socket
            {first}
            s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", {port})); s.listen()
            print("ready", flush=True)
            while True: s.accept()
            """);
        return Server.Start(_folder.Path, "/usr/bin/python3", script).PrintsAsync("ready");
    }
}
