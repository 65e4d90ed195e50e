using System.Globalization;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Running;

/// <summary><c>portia run --free</c> where it is not certain that the holder is what refused the command: nobody is stopped.</summary>
public sealed class RunDoubtTests : IDisposable
{
    private readonly TemporaryFolder _elsewhere = new();
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Server.FreePort();

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("sleep 1;")]
    [InlineData("elsewhere")]
    public async Task Free_RefusedInAnotherNetwork_StopsNobodyInOurs(string before)
    {
        Server.Requires("unshare", "node", "python3");
        Server.RequiresThat(Environment.IsPrivilegedProcess, "another network namespace needs root");
        await using Server stranger = await StrangerAsync();
        string twice = $"const net=require('net'); net.createServer().listen({_port}, '0.0.0.0', () => net.createServer().listen({_port}, '0.0.0.0'))";
        _folder.Write("twice.js", twice);

        // By its own name it is told by the line; by another name and while it lives, by the namespace alone.
        string[] command = ["unshare", "-n", "node", "twice.js"];
        if (before == "elsewhere")
        {
            File.CreateSymbolicLink(Path.Combine(_folder.Path, before), "/usr/bin/unshare");
            _folder.Write("twice.js", $"process.on('uncaughtException', e => {{ console.error(e); setTimeout(() => process.exit(1), 1500); }}); {twice}");
            command[0] = "./" + before;
        }
        else if (before.Length > 0)
        {
            command = ["sh", "-c", $"{before} unshare -n node twice.js"];
        }

        await using Typist typist = Typist.Start(_folder.Path, ["portia", "run", "--free", "--", .. command]);

        Assert.Equal(1, await typist.Exit);
        await typist.SeesAsync("portia: ");
        Assert.DoesNotContain("freed", typist.Shown, StringComparison.Ordinal);
        Assert.False(stranger.HasExited);
    }

    [SkippableFact]
    public async Task Free_CommandThatWorksElsewhere_SaysSoAndStopsNobody()
    {
        Server.Requires("python3");
        await using Server stranger = await StrangerAsync();
        string docker = _folder.Write("docker", $"#!/bin/sh\necho 'Error: listen EADDRINUSE: address already in use 127.0.0.1:{_port}'\nexit 125\n");
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--", "env", "A=1", "sh", docker, "run", "web");

        await typist.SeesAsync($"works through docker, so it may have been refused in another network, so nobody was stopped. portia free {_port}");
        Assert.Equal(125, await typist.Exit);
        Assert.False(stranger.HasExited);
    }

    [SkippableTheory]
    [InlineData("on the command line")]
    [InlineData("in the environment")]
    public async Task Free_PortThatTheMessageDoesNotName_StopsNobody(string where)
    {
        Server.Requires("python3");
        await using Server stranger = await StrangerAsync();
        string[] command = where == "on the command line"
            ? ["portia", "run", "--free", "--", "python3", "-m", "http.server", Text(_port), "--bind", "127.0.0.1"]
            : ["env", $"PORT={_port}", "portia", "run", "--free", "--", "sh", "-c", "echo 'OSError: [Errno 98] Address already in use'; exit 1"];
        await using Typist typist = Typist.Start(_folder.Path, command);

        await typist.SeesAsync("The message does not name the port, which was inferred from");
        await typist.SeesAsync($"portia free {_port}");
        Assert.Equal(1, await typist.Exit);
        Assert.False(stranger.HasExited);
    }

    [SkippableFact]
    public async Task Free_BrokenConfigurationWhileTheCommandLives_IsSaidOnceAndItGoesOn()
    {
        string config = _folder.Write("portia.json", "{ nonsense");
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--config", config, "--", "sh", "-c", $"{Refusal}; sleep 4.5; exit 9");

        await typist.SeesAsync("Nothing was done about the refused port.");
        Assert.Equal(9, await typist.Exit);
        Assert.Equal(2, typist.Shown.Split("Nothing was done").Length);
    }

    [SkippableFact]
    public async Task Wait_TerminatedWhileTheCommandLives_LetsItEndInItsOwnTime()
    {
        Server.Requires("python3");
        await using Server stranger = await StrangerAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--wait", "--", "bash", "-c", $"trap 'sleep 0.5; echo cleaned up; exit 6' TERM; {Refusal}; while :; do sleep 0.05; done");
        await typist.SeesAsync("Waiting until it is free");

        Signals.Send(typist.Pid, Signals.Terminate);

        await typist.SeesAsync("cleaned up");
        Assert.Equal(6, await typist.Exit);
    }

    [SkippableFact]
    public async Task Wait_ControlCWhileTheCommandLives_EndsTheWaitingWithIt()
    {
        Server.Requires("python3");
        await using Server stranger = await StrangerAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--wait", "--", "bash", "-c", $"trap 'exit 4' INT; {Refusal}; while :; do sleep 0.05; done");
        await typist.SeesAsync("Waiting until it is free");

        typist.Type("\u0003");

        Assert.Equal(4, await typist.Exit);
        Assert.False(stranger.HasExited);
    }

    [Theory]
    [InlineData("ssh", "ssh", "host", "node")]
    [InlineData("docker", "sudo", "-n", "docker", "run", "x")]
    [InlineData("kubectl", "sh", "-c", "cd x && exec kubectl logs -f y")]
    [InlineData("ip", "env", "A=1", "/sbin/ip", "netns", "exec", "a", "node")]
    [InlineData(null, "node", "docker")]
    [InlineData(null, "sh", "-c", "node server.js")]
    public void ElsewhereBy_Line_NamesTheProgram(string? program, params string[] command) => Assert.Equal(program, PortiaWatch.Running.CommandReach.ElsewhereBy(command));

    [Theory]
    [InlineData(true, "make", "serve")]
    [InlineData(true, "env", "A=1", "npm", "start")]
    [InlineData(true, "sh", "-c", "make serve")]
    [InlineData(false, "sh", "-c", "node server.js")]
    [InlineData(false, "python3", "-m", "http.server")]
    public void IsOpaque_Line_SaysWhetherItTellsWhatRuns(bool isOpaque, params string[] command) => Assert.Equal(isOpaque, PortiaWatch.Running.CommandReach.IsOpaque(command));

    private string Refusal => $"echo 'Error: listen EADDRINUSE: address already in use 127.0.0.1:{_port}'";

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private Task<Server> StrangerAsync() =>
        Server.Start(_elsewhere.Path, "/usr/bin/python3", "-u", "-m", "http.server", Text(_port), "--bind", "127.0.0.1").PrintsAsync("Serving");
}
