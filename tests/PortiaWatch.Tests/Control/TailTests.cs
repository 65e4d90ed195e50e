using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Control;

public sealed class TailTests : IDisposable
{
    private const string Tail = """{"schema":"portia.request/1","do":"tail"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tail_NoWatcher_SaysSo()
    {
        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "tail");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("portia watch", answer.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_Collision_IsToldWithItsVerdictAndAgainWithItsOutcome()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Portia tail = Portia.StartIn(_folder.Path, "tail", "--json");
        await tail.WaitForMessageAsync($"pid {watcher.Portia.Pid}");

        await watcher.SendAsync(Hook(3123));

        JsonElement decided = JsonDocument.Parse(await tail.ReadLineAsync() ?? "").RootElement;
        JsonElement done = JsonDocument.Parse(await tail.ReadLineAsync() ?? "").RootElement;
        Assert.Equal("portia.incident/1", decided.GetProperty("schema").GetString());
        Assert.Equal(3123, decided.GetProperty("endpoint").GetProperty("port").GetInt32());
        Assert.Equal(JsonValueKind.Null, decided.GetProperty("outcome").ValueKind);
        Assert.Equal("logged", done.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Equal(decided.GetProperty("id").GetString(), done.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Tail_ForPeople_TellsTheStoryOnce()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Portia tail = Portia.StartIn(_folder.Path, "tail");
        await tail.WaitForMessageAsync("Following");

        await watcher.SendAsync(Hook(3124));

        var lines = new List<string>();
        while (lines.Count < 6 && await tail.ReadLineAsync() is { } line)
            lines.Add(line);
        Assert.Single(lines, line => line.Contains("127.0.0.1:3124 is taken", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.TrimStart().StartsWith("logged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tail_WatcherThatRestarts_IsFollowedAgain()
    {
        await using (Watcher first = await Watcher.StartAsync(_folder))
        {
            // Stays beyond the first watcher's end.
        }

        await using Watcher second = await Watcher.StartAsync(_folder);
        await using Portia tail = Portia.StartIn(_folder.Path, "tail", "--json");
        await tail.WaitForMessageAsync($"pid {second.Portia.Pid}");
        Signals.Send(second.Portia.Pid, Signals.Kill);
        await tail.WaitForMessageAsync("The watcher has ended");

        await using Watcher third = await Watcher.StartAsync(_folder);
        await tail.WaitForMessageAsync($"pid {third.Portia.Pid}");
        await third.SendAsync(Hook(3125));

        Assert.Contains("3125", await tail.ReadLineAsync(), StringComparison.Ordinal);
        Signals.Send(tail.Pid, Signals.Interrupt);
        Assert.Equal(0, await tail.WaitForExitAsync());
    }

    [Fact]
    public async Task Tail_ClientThatDoesNotRead_MissesLinesAndIsToldHowMany()
    {
        const int Collisions = 400;
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        Task drained = DrainAsync(watcher.Portia);
        using Socket lazy = await Watcher.ConnectAsync(_folder.Path);
        await lazy.SendAsync(Encoding.ASCII.GetBytes(Tail + "\n"));
        Assert.Contains("portia.hello/1", await Watcher.ReadLineAsync(lazy), StringComparison.Ordinal);

        for (int port = 0; port < Collisions; port++)
            await watcher.SendAsync(Hook(20_000 + port));

        JsonElement status = await watcher.WaitForAsync(now => now.GetProperty("counters").GetProperty("outcomes").TryGetProperty("logged", out JsonElement logged) && logged.GetInt32() == Collisions);
        long dropped = status.GetProperty("drops").GetProperty("tail: not taken in time").GetInt64();
        long read = 0, missed = 0;
        while (read + missed < Collisions * 2)
        {
            JsonElement line = JsonDocument.Parse(await Watcher.ReadLineAsync(lazy) ?? "").RootElement;
            if (line.GetProperty("schema").GetString() == "portia.missed/1")
                missed += line.GetProperty("count").GetInt64();
            else
                read++;
        }

        Assert.True(dropped > 0);
        Assert.Equal((dropped, Collisions * 2 - dropped), (missed, read));
        await watcher.DisposeAsync();
        await drained;
    }

    [Fact]
    public async Task Tail_MoreClientsThanThereMayBe_AreToldSo()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        var clients = new List<Socket>();
        try
        {
            string? last = null;
            for (int client = 0; client < 17; client++)
            {
                clients.Add(await Watcher.ConnectAsync(_folder.Path));
                await clients[^1].SendAsync(Encoding.ASCII.GetBytes(Tail + "\n"));
                last = await Watcher.ReadLineAsync(clients[^1]);
            }

            Assert.Contains("crowded", last, StringComparison.Ordinal);
            Assert.Equal(16, (await watcher.StatusAsync()).GetProperty("viewers").GetInt32());
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await watcher.WaitForAsync(status => status.GetProperty("viewers").GetInt32() == 0);
    }

    // What a watcher prints must be read, or it waits.
    private static async Task DrainAsync(Portia portia)
    {
        while (await portia.ReadLineAsync() is not null)
        {
        }
    }

    private static string Hook(int port) => $$$"""{"schema":"portia.request/1","do":"hook","hook":{"address":"127.0.0.1","port":{{{port}}}}}""";
}
