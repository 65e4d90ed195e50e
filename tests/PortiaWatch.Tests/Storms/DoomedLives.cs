using System.Diagnostics;
using Microsoft.Data.Sqlite;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Storms;

/// <summary>One watcher after another in the same session, with a rule that kills; each dies by SIGKILL at a moment of its own.</summary>
internal sealed class DoomedLives : IAsyncDisposable
{
    // Says so when it is told to end, and takes a moment to do it.
    private const string Holder = """
        import os, signal, socket, sys, time
        def end(signal, frame):
            os.write(1, b"told to end\n")
            time.sleep(0.03)
            os._exit(143)
        signal.signal(signal.SIGTERM, end)
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", int(sys.argv[1])))
        s.listen()
        os.write(1, b"listening\n")
        while True:
            signal.pause()
        """;

    // Longer than the holder takes to end.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);

    private readonly TemporaryFolder _folder = new();
    private readonly List<(int Port, Server Server)> _holders = [];
    private readonly string _mark = $"PORTIA_TEST_MARK={Guid.NewGuid():n}";
    private readonly string _config;
    private readonly string _log;

    public DoomedLives()
    {
        _log = _folder.Write("app.log", "");
        _folder.Write("holder.py", Holder);
        _config = _folder.Write("portia.json", $$"""
            { "sources": { "kernel": false, "systemLog": "auto", "files": ["{{_log}}"] },
              "rules": [ { "name": "free it", "holder": { "process": ["python*"] }, "trust": "text", "action": "kill" } ] }
            """);
    }

    /// <summary>Ports whose holder was told to end.</summary>
    public IReadOnlyList<int> Struck => [.. _holders.Where(holder => holder.Server.Output.Contains("told", StringComparison.Ordinal)).Select(holder => holder.Port)];

    /// <summary>Servers that came to a port after a strike there, and still are as they were.</summary>
    public bool AreSuccessorsWell => _holders.GroupBy(holder => holder.Port).All(port => port.Skip(1).All(later => !later.Server.HasExited && !later.Server.Output.Contains("told", StringComparison.Ordinal)));

    /// <summary>What the lives said on standard error, all of them.</summary>
    public string Messages { get; private set; } = "";

    /// <summary>How long a life takes from the failure that it reads to the end of what it does about it.</summary>
    public async Task<TimeSpan> MeasureAsync()
    {
        await using Portia watcher = await StartAsync(await OccupyAsync());
        var clock = Stopwatch.StartNew();
        await watcher.ReadLineAsync();
        return clock.Elapsed;
    }

    /// <summary>One life that ends so long after the failure was written, or after the holder was told to end.</summary>
    public async Task LiveAndDieAsync(TimeSpan after, bool fromTheStrike)
    {
        int port = await OccupyAsync();
        await using (Portia watcher = await StartAsync(port))
        {
            if (fromTheStrike)
                await _holders[^1].Server.PrintsAsync("told");
            await Task.Delay(after);
            Signals.Send(watcher.Pid, Signals.Kill);
            Assert.Equal(128 + Signals.Kill, await watcher.WaitForExitAsync());
            Messages += watcher.Messages;
        }

        await MakeRoomAsync(port);
    }

    /// <summary>One life that ends exactly at a border of <see cref="Border"/>. Returns the port that it was about.</summary>
    public async Task<int> LiveUpToAsync(string border)
    {
        int port = await OccupyAsync();
        await using (Portia watcher = await StartAsync(port, border))
        {
            Assert.Equal(128 + Signals.Kill, await watcher.WaitForExitAsync());
            Messages += watcher.Messages;
        }

        await MakeRoomAsync(port);
        return port;
    }

    /// <summary>A last life in good health, which closes what the others left open.</summary>
    public async Task LiveOnAsync()
    {
        await using Portia watcher = await StartAsync(Server.FreePort());
        await watcher.ReadLineAsync();
        Messages += watcher.Messages;
    }

    public IReadOnlyList<string> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "portia", "history.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetValue(0).ToString() ?? "");
        return rows;
    }

    /// <summary>Processes that the lives started and that outlived them, once they had a moment to end.</summary>
    public async Task<IReadOnlyList<string>> OrphansAsync()
    {
        for (int tries = 0; tries < 50 && Marked().Any(); tries++)
            await Task.Delay(100);
        return [.. Marked()];
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((_, Server server) in _holders)
            await server.DisposeAsync();
        _folder.Dispose();
    }

    private IEnumerable<string> Marked() => Directory.EnumerateDirectories("/proc")
        .Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]) && Read(process, "environ").Contains(_mark, StringComparison.Ordinal))
        .Select(process => Read(process, "cmdline").Replace('\0', ' '));

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is gone, or nobody's that we started.
            return "";
        }
    }

    private async Task<int> OccupyAsync()
    {
        int port = Server.FreePort();
        _holders.Add((port, await HolderAsync(port)));
        return port;
    }

    private Task<Server> HolderAsync(int port) => Server.Start(_folder.Path, "/usr/bin/python3", "-S", "holder.py", $"{port}").PrintsAsync("listening");

    // Whoever was struck makes room; a server takes the port again before the next life begins.
    private async Task MakeRoomAsync(int port)
    {
        await Task.Delay(Settling);
        if (_holders[^1].Server.HasExited)
            _holders.Add((port, await HolderAsync(port)));
    }

    private async Task<Portia> StartAsync(int port, string? border = null)
    {
        string[] mark = _mark.Split('=');
        (string, string?)[] environment = [("XDG_RUNTIME_DIR", _folder.Path), ("XDG_DATA_HOME", _folder.Path), ("XDG_STATE_HOME", Path.Combine(_folder.Path, "state")), (mark[0], mark[1])];
        Portia watcher = border is null
            ? Portia.Start(["watch", "--json", "--config", _config], environment)
            : Portia.StartAs("dotnet", ["exec", typeof(DoomedProgram).Assembly.Location, DoomedProgram.Word, border, _config], environment);
        await watcher.WaitForMessageAsync("Source file is running");
        await watcher.WaitForMessageAsync("Source hook is running");
        string refusal = $"listen tcp 127.0.0.1:{port}: bind: address already in use\n";

        // Told twice, so that there is a repeat to count when the window closes.
        await File.AppendAllTextAsync(_log, border is null ? refusal : $"{refusal}and then\n{refusal}");
        return watcher;
    }
}
