using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.History;

/// <summary>A disk that is full or read-only, under the real watcher.</summary>
public sealed class DiskTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string? _mounted;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Portia.DataHome = null;
        if (_mounted is not null)
            await RunAsync("/bin/umount", "-l", _mounted);
    }

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Watch_FullDisk_GoesOnAndSaysSoOnce()
    {
        Portia.DataHome = await MountAsync("size=100k");

        Portia.Answer answer = await Portia.PipeAsync(string.Concat(Enumerable.Range(20000, 200).Select(Line)), "watch", "--source", "stdin", "--json");

        Assert.Equal(200, answer.JsonLines.Count);
        Assert.Equal(1, Count(answer.Messages, "The watcher goes on without it"));
        Assert.Contains("full", answer.Messages, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Watch_ReadOnlyDisk_GoesOnAndSaysSoOnceWhileHistoryStillReads()
    {
        Portia.DataHome = await MountAsync("size=2m");
        await Portia.PipeAsync(Line(20000), "watch", "--source", "stdin", "--json");
        await RunAsync("/bin/mount", "-o", "remount,ro", _mounted!);

        Portia.Answer answer = await Portia.PipeAsync(Line(20001) + Line(20002), "watch", "--source", "stdin", "--json");

        Assert.Equal(2, answer.JsonLines.Count);
        Assert.Equal(1, Count(answer.Messages, "The watcher goes on without it"));
        Portia.Answer history = await Portia.RunAsync("history", "--json");
        Assert.True(history.ExitCode == 0, history.Messages);
        Assert.Single(history.JsonLines);
    }

    private static string Line(int port) => $"Error: listen EADDRINUSE: address already in use 127.0.0.1:{port}\n";

    private static int Count(string text, string words) => text.Split(words).Length - 1;

    private async Task<string> MountAsync(string options)
    {
        Server.Requires("mount", "umount");
        Server.RequiresThat(Environment.UserName == "root", "mounting needs root");
        string place = Path.Combine(_folder.Path, "disk");
        Directory.CreateDirectory(place);
        Server.RequiresThat(await RunAsync("/bin/mount", "-t", "tmpfs", "-o", options, "none", place) == 0, "this machine does not let a test mount a disk of its own");
        _mounted = place;
        return place;
    }

    private async Task<int> RunAsync(string program, params string[] arguments)
    {
        await using Server run = Server.Start(_folder.Path, program, arguments);
        return await run.WaitForExitAsync();
    }
}
