using System.Net.Sockets;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Control;

/// <summary>One watcher a user, however it starts and ends.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class WatcherSeatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Watch_WhileAnotherRuns_SaysWhoAndEndsWith2()
    {
        await using Watcher first = await Watcher.StartAsync(_folder);

        Portia.Answer second = await Portia.RunInAsync(_folder.Path, "watch");

        Assert.Equal(2, second.ExitCode);
        Assert.Contains($"pid {first.Portia.Pid}, since ", second.Messages, StringComparison.Ordinal);
        Assert.Contains("portia status", second.Messages, StringComparison.Ordinal);
        Assert.Equal(first.Portia.Pid, (await first.StatusAsync()).GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task Watch_ManyAtOnce_ExactlyOneStays()
    {
        string config = _folder.Write("watcher.json", """{ "sources": { "kernel": false, "systemLog": false } }""");
        Portia[] all = [.. Enumerable.Range(0, 6).Select(_ => Portia.StartIn(_folder.Path, "watch", "--config", config))];
        try
        {
            List<Task<int>> ends = [.. all.Select(one => one.WaitForExitAsync())];
            for (int ended = 0; ended < all.Length - 1; ended++)
            {
                Task<int> end = await Task.WhenAny(ends);
                ends.Remove(end);
                Assert.Equal(2, await end);
            }

            Portia winner = Assert.Single(all, one => one.Messages.Contains("hook is running", StringComparison.Ordinal) || !one.Messages.Contains("runs already", StringComparison.Ordinal));
            await winner.WaitForMessageAsync("hook is running");
            Assert.Contains($"pid {winner.Pid},", (await Portia.RunInAsync(_folder.Path, "status")).Output, StringComparison.Ordinal);
        }
        finally
        {
            foreach (Portia one in all)
                await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task Watch_SocketOfAKilledWatcher_IsReplaced()
    {
        await using (Watcher killed = await Watcher.StartAsync(_folder))
            Signals.Send(killed.Portia.Pid, Signals.Kill);
        Assert.True(File.Exists(Watcher.SocketIn(_folder.Path)));

        Assert.Equal(1, (await Portia.RunInAsync(_folder.Path, "status")).ExitCode);
        await using Watcher next = await Watcher.StartAsync(_folder);

        Assert.Equal(next.Portia.Pid, (await next.StatusAsync()).GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task Watch_Stopped_LeavesNoSocketBehind()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);

        Signals.Send(watcher.Portia.Pid, Signals.Terminate);

        Assert.Equal(0, await watcher.Portia.WaitForExitAsync());
        Assert.False(File.Exists(watcher.Socket));
    }

    [Fact]
    public async Task Watch_SocketThatSomebodyAnswersWithoutALock_IsRespected()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "portia"));
        using var live = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        live.Bind(new UnixDomainSocketEndPoint(Watcher.SocketIn(_folder.Path)));
        live.Listen();

        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "watch");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("runs already", answer.Messages, StringComparison.Ordinal);
        Assert.True(File.Exists(Watcher.SocketIn(_folder.Path)));
    }

    [Fact]
    public async Task Watch_OfAPipe_RunsBeside()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);

        await using Portia piped = Portia.StartIn(_folder.Path, "watch", "--source", "stdin", "--json");
        await piped.Input.WriteLineAsync("listen tcp 127.0.0.1:5995: bind: address already in use");
        await piped.Input.FlushAsync();

        Assert.Contains("5995", await piped.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await watcher.StatusAsync()).GetProperty("counters").GetProperty("incidents").GetInt32());
    }

    [Fact]
    public async Task Watch_FolderOpenToOthers_IsClosedToThem()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "portia")).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);

        await using Watcher watcher = await Watcher.StartAsync(_folder);

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(folder));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(watcher.Socket));
    }

    [SkippableTheory]
    [InlineData("link")]
    [InlineData("foreign")]
    public async Task Watch_FolderThatIsNotOurs_WatchesWithoutASocketAndSaysWhy(string kind)
    {
        string folder = Path.Combine(_folder.Path, "portia");
        if (kind == "link")
        {
            Directory.CreateSymbolicLink(folder, Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere")).FullName);
        }
        else
        {
            Server.RequiresThat(Environment.UserName == "root", "only root can give a folder away");
            Directory.CreateDirectory(folder);
            await using Server chown = Server.Start(_folder.Path, "/bin/chown", "65534", folder);
            Assert.Equal(0, await chown.WaitForExitAsync());
        }

        string log = _folder.Write("app.log", "");
        string config = _folder.Write("portia.json", $$"""{ "sources": { "kernel": false, "systemLog": false, "files": ["{{log}}"] } }""");
        await using Portia portia = Portia.StartIn(_folder.Path, "watch", "--config", config);

        await portia.WaitForMessageAsync("no control socket");
        await portia.WaitForMessageAsync("Source file is running");
        Assert.Contains(kind == "link" ? "is a link" : "belongs to nobody", portia.Messages, StringComparison.Ordinal);
        Assert.False(File.Exists(Watcher.SocketIn(_folder.Path)));
    }
}
