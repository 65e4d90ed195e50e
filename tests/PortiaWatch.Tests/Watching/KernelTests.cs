using System.Net.Sockets;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Watching;

/// <summary>The whole way from the kernel's event to the printed incident: programs that fail without a word, each one incident with both sides named.</summary>
public sealed class KernelTests(SilentPrograms programs) : IClassFixture<SilentPrograms>
{
    [SkippableTheory]
    [InlineData("tcp", "127.0.0.1", "127.0.0.1")]
    [InlineData("tcp", "::1", "::1")]
    [InlineData("tcp", "127.0.0.1", "::")]
    [InlineData("thread", "127.0.0.1", "127.0.0.1")]
    public async Task Watch_SilentCProgram_IsOneIncidentWithBothSides(string mode, string held, string asked)
    {
        SilentPrograms.Require();
        await programs.StartAsync();
        using TakenPort taken = programs.Take(held);

        int pid = await SilentPrograms.RunAsync(programs.Refused, mode, asked, $"{taken.Port}");

        JsonElement incident = await OnlyIncidentAsync(taken.Port);
        Assert.Equal(pid, Contender(incident));
        Assert.Equal(asked, incident.GetProperty("endpoint").GetProperty("address").GetString());
        Assert.Equal(Environment.ProcessId, Holder(incident));
        Assert.Equal("kernel", incident.GetProperty("collision").GetProperty("trust").GetString());
    }

    [SkippableTheory]
    [InlineData("/usr/bin/node", "-e", "require('net').createServer().on('error', () => process.exit(0)).listen(PORT, '127.0.0.1')")]
    [InlineData("/usr/bin/python3", "-c", "import socket\ntry: socket.socket().bind(('127.0.0.1', PORT))\nexcept OSError: pass")]
    public async Task Watch_SilentScript_IsOneIncidentWithBothSides(string program, string option, string script)
    {
        SilentPrograms.Require(Path.GetFileName(program));
        await programs.StartAsync();
        using TakenPort taken = programs.Take();

        int pid = await SilentPrograms.RunAsync(program, option, script.Replace("PORT", $"{taken.Port}", StringComparison.Ordinal));

        JsonElement incident = await OnlyIncidentAsync(taken.Port);
        Assert.Equal((pid, Environment.ProcessId), (Contender(incident), Holder(incident)));
    }

    [SkippableFact]
    public async Task Watch_SilentGoProgram_IsOneIncidentWithBothSides()
    {
        SilentPrograms.Require("go");
        await programs.StartAsync();
        using TakenPort taken = programs.Take();
        string program = Path.Combine(programs.Folder, "oneshot");
        await File.WriteAllTextAsync(program + ".go", "package main\nimport (\"net\"; \"os\")\nfunc main() { net.Listen(\"tcp\", os.Args[1]) }\n");
        await SilentPrograms.RunAsync("go", "build", "-o", program, program + ".go");

        int pid = await SilentPrograms.RunAsync(program, $":{taken.Port}");

        JsonElement incident = await OnlyIncidentAsync(taken.Port);
        Assert.Equal((pid, Environment.ProcessId), (Contender(incident), Holder(incident)));
        Assert.Equal("::", incident.GetProperty("endpoint").GetProperty("address").GetString());
    }

    [SkippableFact]
    public async Task Watch_ForkedChild_NamesTheChild()
    {
        SilentPrograms.Require();
        await programs.StartAsync();
        using TakenPort taken = programs.Take();

        int parent = await SilentPrograms.RunAsync(programs.Refused, "fork", "127.0.0.1", $"{taken.Port}");

        JsonElement incident = await OnlyIncidentAsync(taken.Port);
        Assert.NotEqual(parent, Contender(incident));
        Assert.Equal(Environment.ProcessId, Holder(incident));
    }

    [SkippableFact]
    public async Task Watch_FailedListen_NamesTheSocketsOwnEndpoint()
    {
        SilentPrograms.Require();
        await programs.StartAsync();
        int port;
        using (TakenPort free = programs.Take())
            port = free.Port;

        int pid = await SilentPrograms.RunAsync(programs.Refused, "listen", "127.0.0.1", $"{port}");

        Assert.Equal(pid, Contender(await OnlyIncidentAsync(port)));
    }

    [SkippableFact]
    public async Task Watch_UnixSocket_NamesPathAndHolder()
    {
        SilentPrograms.Require();
        await programs.StartAsync();
        string path = Path.Combine(programs.Folder, "taken.sock");
        using var holder = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        holder.Bind(new UnixDomainSocketEndPoint(path));
        holder.Listen();

        int pid = await SilentPrograms.RunAsync(programs.Refused, "unix", path);

        JsonElement incident = Assert.Single(await programs.IncidentsAsync(i => i.GetProperty("endpoint").GetProperty("path").GetString() == path));
        Assert.Equal((pid, Environment.ProcessId), (Contender(incident), Holder(incident)));
    }

    [SkippableFact]
    public async Task Watch_AnotherNetworkNamespace_IsToldAndNobodyHereIsBlamed()
    {
        SilentPrograms.Require("unshare");
        await programs.StartAsync();

        // Somebody here holds the same number, and has nothing to do with it.
        using TakenPort taken = programs.Take();
        int pid = await SilentPrograms.RunAsync("/usr/bin/unshare", "--net", programs.Refused, "self", "0.0.0.0", $"{taken.Port}");

        JsonElement incident = await OnlyIncidentAsync(taken.Port);
        Assert.Equal(pid, Contender(incident));
        Assert.DoesNotContain(incident.GetProperty("holders").EnumerateArray(), holder => holder.GetProperty("pid") is { ValueKind: JsonValueKind.Number } number && number.GetInt32() == Environment.ProcessId);
        Assert.False(incident.GetProperty("confirmed").GetBoolean());
    }

    [SkippableFact]
    public async Task Watch_ProgramThatMovesOn_IsDecidedByTheRuleForThat()
    {
        const string Rules = """
            { "rules": [
              { "name": "went elsewhere", "kind": "soft", "action": "notify" },
              { "name": "blocked", "kind": "collision", "action": "notify" } ] }
            """;
        SilentPrograms.Require();
        await programs.StartAsync();
        using var folder = new TemporaryFolder();
        using TakenPort taken = programs.Take();
        await using Portia watcher = Portia.Start("watch", "--source", "kernel", "--json", "--config", folder.Write("portia.json", Rules));
        await watcher.WaitForMessageAsync("kernel is running");

        await using Server moving = Server.Start(folder.Path, programs.Refused, "moveon", "127.0.0.1", $"{taken.Port}");

        // What is decided together may be told in any order.
        JsonElement[] told = [await NextAboutAsync(watcher, taken.Port), await NextAboutAsync(watcher, taken.Port)];
        JsonElement blocked = Assert.Single(told, one => one.GetProperty("verdict").GetProperty("rule").GetString() == "blocked");
        JsonElement moved = Assert.Single(told, one => one.GetProperty("verdict").GetProperty("rule").GetString() == "went elsewhere");
        Assert.Equal("logged", blocked.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Equal("soft", moved.GetProperty("collision").GetProperty("kind").GetString());
        Assert.Equal(moving.Pid, Contender(moved));
    }

    private static async Task<JsonElement> NextAboutAsync(Portia watcher, int port)
    {
        while (await watcher.ReadLineAsync() is { } line)
        {
            JsonElement incident = JsonDocument.Parse(line).RootElement;
            if (incident.GetProperty("endpoint").GetProperty("port") is { ValueKind: JsonValueKind.Number } number && number.GetInt32() == port)
                return incident;
        }

        throw new InvalidOperationException($"the watcher ended: {watcher.Messages}");
    }

    private async Task<JsonElement> OnlyIncidentAsync(int port) =>
        Assert.Single(await programs.IncidentsAsync(i => i.GetProperty("endpoint").GetProperty("port") is { ValueKind: JsonValueKind.Number } p && p.GetInt32() == port));

    private static int Contender(JsonElement incident) => incident.GetProperty("contender").GetProperty("pid").GetInt32();

    private static int Holder(JsonElement incident) => Assert.Single(incident.GetProperty("holders").EnumerateArray()).GetProperty("pid").GetInt32();
}
