using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.History;

/// <summary>What a watcher leaves behind that was killed in the middle of its work.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Lines = 120;

    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _holder = new(IPAddress.Loopback, 0);

    public CrashTests()
    {
        _holder.Start();
        Portia.DataHome = _folder.Path;
    }

    // A life takes a second, most of it to start.
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("PORTIA_KILLS"), out int kills) ? kills : 16;

    private int Port => ((IPEndPoint)_holder.LocalEndpoint).Port;

    public void Dispose()
    {
        Portia.DataHome = null;
        _holder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Watch_KilledAgainAndAgainWhileItWrites_LosesNothingThatItToldAndBreaksNothing()
    {
        var told = new ConcurrentDictionary<string, byte>();
        var random = new Random(20261122);
        int[] patience = [.. Enumerable.Range(0, Kills).Select(_ => random.Next(0, Lines - 20))];

        // Two at a time write to the same file.
        await Parallel.ForEachAsync(patience, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (lines, _) => await KillAfterAsync(lines, told));

        Portia.Answer history = await Portia.RunAsync("history", "--json", "--limit", "0");
        Assert.Equal("ok", Scalar("PRAGMA integrity_check"));
        Assert.All(history.JsonLines, incident => Assert.Equal(JsonValueKind.Object, incident.GetProperty("outcome").ValueKind));
        Dictionary<string, string?> outcomes = history.JsonLines.ToDictionary(Id, Outcome);
        Assert.All(told.Keys, id => Assert.NotEqual("unfinished", outcomes[id]));
        Assert.True(told.Count > Kills, $"only {told.Count} incidents were told in {Kills} lives");

        // The next watcher writes down what was left open, and that is all that it does about it.
        await Portia.PipeAsync(Line(Port), "watch", "--source", "stdin", "--json");
        Assert.Equal(0L, Scalar("SELECT count(*) FROM incident WHERE acting > 0 OR outcome IS NULL"));
        Figures.Add($"history: killed {Kills} times while it wrote, {told.Count:N0} incidents told, 0 of them missing or half-written");
    }

    [Fact]
    public async Task Watch_KilledWhileActing_ShowsAsUnfinishedAndIsNotRepeated()
    {
        string marks = Path.Combine(_folder.Path, "marks");
        string config = _folder.Write("portia.json", $$"""
            { "rules": [ { "name": "deadly", "trust": "text", "action": "exec", "command": ["/bin/sh", "-c", "echo acted >> {{marks}}; kill -9 $PPID"] } ] }
            """);
        await using Portia watcher = Portia.Start("watch", "--source", "stdin", "--config", config);
        await watcher.Input.WriteAsync(Line(Port));
        await watcher.Input.FlushAsync();
        Assert.Equal(128 + Signals.Kill, await watcher.WaitForExitAsync());

        Portia.Answer shown = await Portia.RunAsync("history", "--outcome", "unfinished");
        Assert.Contains("unfinished", shown.Output, StringComparison.Ordinal);
        Portia.Answer story = await Portia.RunAsync("history", "show", "1");
        Assert.Contains("the watcher stopped while acting", story.Output, StringComparison.Ordinal);

        Portia.Answer next = await Portia.PipeAsync(Line(1), "watch", "--source", "stdin", "--config", config);
        Assert.Contains("1 incidents of an earlier run were not finished", next.Messages, StringComparison.Ordinal);
        Assert.Equal("acted\n", await File.ReadAllTextAsync(marks));
        Assert.Equal("unfinished", Scalar("SELECT outcome FROM incident WHERE number = 1"));
    }

    private async Task KillAfterAsync(int lines, ConcurrentDictionary<string, byte> told)
    {
        await using Portia watcher = Portia.Start("watch", "--source", "stdin", "--json");
        try
        {
            await watcher.Input.WriteAsync(string.Concat(Enumerable.Range(0, Lines).Select(i => Line(i == 0 ? Port : 20000 + i))));
            await watcher.Input.FlushAsync();
        }
        catch (IOException)
        {
            // Not before its first line.
        }

        for (int i = 0; i <= lines; i++)
        {
            if (await watcher.ReadLineAsync() is { } line)
                told[Id(JsonDocument.Parse(line).RootElement)] = 0;
        }

        Signals.Send(watcher.Pid, Signals.Kill);
    }

    private static string Line(int port) => $"Error: listen EADDRINUSE: address already in use 127.0.0.1:{port}\n";

    private static string Id(JsonElement incident) => incident.GetProperty("id").GetString()!;

    private static string? Outcome(JsonElement incident) => incident.GetProperty("outcome").GetProperty("kind").GetString();

    private object? Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "portia", "history.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
