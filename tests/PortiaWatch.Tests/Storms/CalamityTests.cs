using System.Globalization;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Storms;

/// <summary>What surrounds the watcher fails it: it goes on, says what it lost, and needs no restart.</summary>
public sealed class CalamityTests : IAsyncLifetime, IDisposable
{
    // Its own view of the files: a notify-send that never comes back, in the place of the real one.
    private const string HangingNotifier = """
        set -e
        mount --bind "$1" /usr/bin/notify-send
        shift
        exec "$@"
        """;

    private readonly TemporaryFolder _folder = new();
    private string? _mounted;

    public CalamityTests() => Portia.DataHome = _folder.Path;

    private string Log => Path.Combine(_folder.Path, "app.log");

    public Task InitializeAsync() => File.WriteAllTextAsync(Log, "");

    public async Task DisposeAsync()
    {
        Portia.DataHome = null;
        if (_mounted is not null)
            await RunAsync("/bin/umount", "-l", _mounted);
    }

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Watch_LogIsRotatedAgainAndAgain_MissesNoFailureInAnyOfThem()
    {
        Memory.RequireCount();
        int rotations = Figures.Rounds(100, 2_000);
        await using Watcher watcher = await StartAsync();

        for (int i = 0; i < rotations; i++)
        {
            await File.AppendAllTextAsync(Log, Refusal(i));
            File.Move(Log, Log + ".1", overwrite: true);
            await File.WriteAllTextAsync(Log, "a new day\n");
            Assert.Equal(FirstPort + i, await PortAsync(watcher.Portia));
        }

        JsonElement status = await watcher.StatusAsync();
        Assert.Equal(rotations, status.GetProperty("counters").GetProperty("collisions").GetInt64());
        Assert.Equal("{}", status.GetProperty("drops").GetRawText());
        Figures.Add($"rotation: {rotations:N0} files, 0 lost, peak {Memory.AssertBelowCeiling(watcher.Portia.Pid)} MB");
    }

    [SkippableFact]
    public async Task Watch_FrozenWhileFailuresCome_CatchesUpWithAllOfThem()
    {
        Memory.RequireCount();
        int failures = Figures.Rounds(500, 5_000);
        await using Watcher watcher = await StartAsync();

        Signals.Send(watcher.Portia.Pid, Signals.Stop);
        await File.AppendAllTextAsync(Log, string.Concat(Enumerable.Range(0, failures).Select(Refusal)));
        Signals.Send(watcher.Portia.Pid, Continue);

        Assert.Equal(failures, await DistinctPortsAsync(watcher.Portia, failures));
        JsonElement status = await watcher.StatusAsync();
        Assert.Equal(failures, status.GetProperty("counters").GetProperty("collisions").GetInt64());
        Figures.Add($"suspended: {failures:N0} failures while it was stopped, 0 lost after it went on");
    }

    [SkippableFact]
    public async Task Watch_DiskIsFullForAWhile_TellsAllCountsWhatItCouldNotWriteAndWritesAgain()
    {
        Server.Requires("mount", "umount");
        Server.RequiresThat(Environment.UserName == "root", "mounting needs root");
        string disk = Directory.CreateDirectory(Path.Combine(_folder.Path, "disk")).FullName;
        Server.RequiresThat(await RunAsync("/bin/mount", "-t", "tmpfs", "-o", "size=1m", "none", disk) == 0, "this machine does not let a test mount a disk of its own");
        _mounted = disk;
        Portia.DataHome = disk;
        string ballast = Path.Combine(disk, "ballast");
        await using Watcher watcher = await StartAsync();

        Assert.Throws<IOException>(() => File.WriteAllBytes(ballast, new byte[2 << 20]));
        await File.AppendAllTextAsync(Log, string.Concat(Enumerable.Range(0, 100).Select(Refusal)));
        Assert.Equal(100, await DistinctPortsAsync(watcher.Portia, 100));
        JsonElement status = await watcher.WaitForAsync(status => status.GetProperty("drops").TryGetProperty("history: could not be written", out _));
        long missed = status.GetProperty("drops").GetProperty("history: could not be written").GetInt64();
        Assert.InRange(missed, 100, 200);

        File.Delete(ballast);
        int port = 1_000;
        Portia.Answer history;
        do
        {
            // It asks the disk again after a pause, with the next failure that there is.
            await File.AppendAllTextAsync(Log, Refusal(port++));
            await PortAsync(watcher.Portia);
            await Task.Delay(500);
            history = await Portia.RunAsync("history", "--json", "--limit", "0");
        }
        while (history.JsonLines.Count == 0 && port < 1_100);

        Assert.NotEmpty(history.JsonLines);
        Figures.Add($"full disk: 100 of 100 told, {missed} writes counted as lost, writes again by itself");
    }

    [SkippableFact]
    public async Task Watch_NotifierHangs_HoldsUpNothingElse()
    {
        Server.Requires("unshare", "mount", "notify-send");
        Server.RequiresThat(Environment.UserName == "root", "a notify-send of one's own needs root");
        string pids = Path.Combine(_folder.Path, "pids");
        string hanging = _folder.Write("notify-send", $"#!/bin/sh\necho $$ >>{pids}\nexec sleep 600\n");
        await RunAsync("/bin/chmod", "755", hanging);
        _folder.Write("portia.json", $$"""
            { "sources": { "kernel": false, "systemLog": false, "files": ["{{Log}}"] },
              "rules": [ { "ports": ["20000-20049"], "action": "notify" }, { "ports": ["20050-20099"], "action": "ask" }, { "action": "log" } ] }
            """);
        await using Server watcher = Server.Start(_folder.Path, "/usr/bin/env", "XDG_DATA_HOME=" + _folder.Path, "XDG_RUNTIME_DIR=" + _folder.Path, "DBUS_SESSION_BUS_ADDRESS=unix:path=/dev/null",
            "unshare", "--mount", "sh", "-c", HangingNotifier, "sh", hanging, Portia.Program, "watch", "--json", "--config", Path.Combine(_folder.Path, "portia.json"));
        await watcher.PrintsAsync("Source file is running");

        await File.AppendAllTextAsync(Log, string.Concat(Enumerable.Range(0, 300).Select(Refusal)));

        // The first messages hang; what comes after them does not wait for them.
        await watcher.PrintsAsync($"\"port\":{FirstPort + 299}");
        int told = watcher.Output.Split("\"portia.incident/1\"").Length - 1;
        Assert.InRange(told, 250, 300);

        // Told to end in good order, it takes the hanging programs with it.
        Signals.Send(watcher.Pid, Signals.Terminate);
        Assert.Equal(0, await watcher.WaitForExitAsync());
        string[] outlived = [.. (await File.ReadAllLinesAsync(pids)).Where(pid => File.Exists($"/proc/{pid}/cmdline") && File.ReadAllText($"/proc/{pid}/cmdline").StartsWith("sleep", StringComparison.Ordinal))];
        foreach (string pid in outlived)
            Signals.Send(int.Parse(pid, CultureInfo.InvariantCulture), Signals.Kill);
        Assert.Empty(outlived);
        Figures.Add($"hanging notifier: {told} of 300 incidents done while the messages hung");
    }

    private const int FirstPort = 20000;

    private static int Continue => OperatingSystem.IsMacOS() ? 19 : 18;

    private static string Refusal(int number) => $"listen tcp 127.0.0.1:{FirstPort + number}: bind: address already in use\n";

    private static async Task<int> PortAsync(Portia portia) =>
        JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement.GetProperty("endpoint").GetProperty("port").GetInt32();

    private static async Task<int> DistinctPortsAsync(Portia portia, int incidents)
    {
        var ports = new HashSet<int>();
        for (int i = 0; i < incidents; i++)
            ports.Add(await PortAsync(portia));
        return ports.Count;
    }

    private async Task<Watcher> StartAsync()
    {
        Watcher watcher = await Watcher.StartAsync(_folder, $$"""{ "sources": { "kernel": false, "systemLog": false, "files": ["{{Log}}"] }, "rules": [ { "action": "log" } ] }""");
        await watcher.Portia.WaitForMessageAsync("Source file is running");
        return watcher;
    }

    private async Task<int> RunAsync(string program, params string[] arguments)
    {
        await using Server run = Server.Start(_folder.Path, program, arguments);
        return await run.WaitForExitAsync();
    }
}
