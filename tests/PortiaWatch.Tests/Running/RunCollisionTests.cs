using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Running;

/// <summary>Real servers are refused their port under <c>portia run</c> on a real pseudo-terminal.</summary>
public sealed class RunCollisionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Server.FreePort();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Free_StalePythonServerOfTheSameFolder_IsOneLineThenARunningServer()
    {
        await using Server stale = await PythonAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--", "python3", "-u", "-m", "http.server", Text(_port), "--bind", "127.0.0.1");

        await typist.SeesAsync($"Serving HTTP on 127.0.0.1 port {_port}");

        string line = Assert.Single(OwnLines(typist));
        Assert.Matches($@"^portia: freed {_port} in \d+ ms: stopped python3? \(pid {stale.Pid}, .*\), this project's older server\. Starting again\.$", line);
        Assert.Equal(143, await stale.WaitForExitAsync());
        typist.Type("\u0003");
        await typist.SeesAsync("Keyboard interrupt");
        Assert.Equal(0, await typist.Exit);
    }

    [SkippableFact]
    public async Task Free_StaleServerOfTheSameFolder_IsOneLineThenARunningServer()
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--", "node", "server.js");

        await typist.SeesAsync($"portia: freed {_port}");
        await typist.SeesAsync("listening on ");

        string line = Assert.Single(OwnLines(typist));
        Assert.Matches($@"^portia: freed {_port} in \d+ ms: stopped node \(pid {stale.Pid}, .*\), this project's older server\. Starting again\.$", line);
        Assert.Equal(143, await stale.WaitForExitAsync());
        typist.Type("\u0003");
        Assert.Equal(130, await typist.Exit);
    }

    [SkippableTheory]
    [InlineData("node")]
    [InlineData("nginx")]
    [InlineData("php")]
    public async Task Free_StaleServer_IsStoppedAndTheCommandRuns(string name)
    {
        Collider collider = Collider.Named(name);
        Server.Requires(collider.Needs);
        string[] arguments = collider.Arguments(_folder, _port);
        await using Server stale = await Server.Start(_folder.Path, collider.Program, arguments).ListensOnAsync(_port);
        await using Typist typist = Typist.Start(_folder.Path, ["portia", "run", "--free", "--", collider.Program, .. arguments]);

        await typist.SeesAsync($"portia: freed {_port}");

        await stale.WaitForExitAsync();
        await ServesAsync(_port);
        Assert.Single(OwnLines(typist));

        // A terminal that is gone would not end nginx: it reads its configuration again.
        typist.Type("\u0003");
        await typist.Exit;
    }

    [SkippableFact]
    public async Task Free_CommandBelowAShell_NamesTheRightContender()
    {
        await using Server stale = await NodeAsync();
        await using Server run = Server.Start(_folder.Path, "/bin/sh", "-c", $"{Portia.Program} run --json --retries 1 --ask -- sh -c 'node server.js; sleep 1' 2>incident");
        await run.WaitForExitAsync();

        JsonElement incident = JsonDocument.Parse((await File.ReadAllLinesAsync(Path.Combine(_folder.Path, "incident"))).Single(line => line.Contains("portia.incident/1", StringComparison.Ordinal))).RootElement;

        Assert.Equal("child", incident.GetProperty("collision").GetProperty("trust").GetString());
        Assert.Equal("left", incident.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Equal(stale.Pid, incident.GetProperty("holders")[0].GetProperty("pid").GetInt32());
        Assert.NotEqual(stale.Pid, incident.GetProperty("contender").GetProperty("pid").GetInt32());
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Free_ProtectedHolder_IsRefusedWithTheReason()
    {
        await using Server stale = await NodeAsync();
        string config = _folder.Write("portia.json", """{ "protect": { "process": ["node"] } }""");
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--config", config, "--", "node", "server.js");

        await typist.SeesAsync("was left alone. The configuration protects \"node\".");
        Assert.Equal(1, await typist.Exit);
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Free_BrokenConfiguration_StopsNobody()
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--config", _folder.Write("portia.json", "{ nonsense"), "--", "node", "server.js");

        await typist.SeesAsync("Nothing was done about the refused port.");
        Assert.Equal(1, await typist.Exit);
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Free_HolderThatIgnoresSigterm_IsSaidAndLeftWithoutForce()
    {
        Server.Requires("python3", "node");
        WriteNodeServer();
        string config = _folder.Write("portia.json", """{ "strike": { "grace": "300ms" } }""");
        await using Server stubborn = await Server.Start(_folder.Path, "/usr/bin/env", "python3", "-u", "-c", $"import signal,socket,time; signal.signal(15, signal.SIG_IGN); s=socket.create_server(('127.0.0.1', {_port})); print('up'); time.sleep(60)").PrintsAsync("up");
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--config", config, "--", "node", "server.js");

        await typist.SeesAsync("did not end within");
        Assert.Equal(1, await typist.Exit);
        Assert.False(stubborn.HasExited);
    }

    [SkippableFact]
    public async Task Free_CommandThatOnlyShowsALog_StopsNobody()
    {
        await using Server stale = await NodeAsync();
        _folder.Write("app.log", $"Error: listen EADDRINUSE: address already in use 127.0.0.1:{_port}\n");
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--", "cat", "app.log");

        Assert.Equal(0, await typist.Exit);
        Assert.Empty(OwnLines(typist));
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Free_ProgramThatMovesOnByItself_IsLeftAlone()
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--", "sh", "-c", $"echo 'Port {_port} is in use, trying another one...'; exit 0");

        Assert.Equal(0, await typist.Exit);
        Assert.Empty(OwnLines(typist));
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Free_RetriesUsedUp_GivesTheCommandsAnswer()
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--retries", "0", "--", "node", "server.js");

        Assert.Equal(1, await typist.Exit);
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Free_CommandThatHangsInItsRefusal_IsEndedAndStartedAgain()
    {
        await using Server stale = await NodeAsync();

        // As nodemon: the server below it has failed, and it waits for a file to change; and it ignores SIGTERM.
        const string Supervisor = "trap '' TERM; node server.js && exit; echo waiting for changes; while :; do sleep 0.1; done";
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--", "sh", "-c", Supervisor);

        await typist.SeesAsync("waiting for changes");
        await typist.SeesAsync($"portia: freed {_port}");
        await typist.SeesAsync("listening");
        Assert.Equal(143, await stale.WaitForExitAsync());
    }

    [SkippableTheory]
    [InlineData("s", "strike")]
    [InlineData("S", "strike")]
    public async Task Ask_Strike_StopsTheHolderAndStartsAgain(string key, string word)
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "node", "server.js");

        await typist.SeesAsync($"portia: node (pid {stale.Pid}, ");
        await typist.SeesAsync($"this project's older server, holds {_port}. Strike, next free port, leave? [s/n/l]");
        typist.Type("x" + key);

        await typist.SeesAsync(word);
        await typist.SeesAsync("listening");
        Assert.Equal(143, await stale.WaitForExitAsync());
    }

    [SkippableTheory]
    [InlineData("l")]
    [InlineData("\r")]
    [InlineData("\u001b")]
    [InlineData("\u0003")]
    public async Task Ask_Leave_GivesTheCommandsAnswerAndTheTerminalBack(string key)
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = await Typist.ShellAsync(_folder.Path);
        typist.Type("stty -echo; stty -g >before; portia run -- node server.js\r");

        await typist.SeesAsync("[s/n/l]");
        typist.Type(key);
        await typist.SeesAsync("ready> ");
        typist.Type("echo answer $?; stty -g | cmp - before && echo sa''me\r");

        await typist.SeesAsync("answer 1");
        await typist.SeesAsync("same");
        Assert.False(stale.HasExited);
    }

    [SkippableTheory]
    [InlineData("\u001b[A")]
    [InlineData("\u001bOP")]
    [InlineData("\u001b[200~sl\u001b[201~")]
    [InlineData("\u001bs")]
    [InlineData("x7 ö")]
    public async Task Ask_KeyThatIsNotOffered_IsPassedOver(string keys)
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "node", "server.js");
        await typist.SeesAsync("[s/n/l]");

        typist.Type(keys);
        await Task.Delay(300);

        Assert.False(typist.Exit.IsCompleted);
        Assert.False(stale.HasExited);
        typist.Type("s");
        await typist.SeesAsync("listening");
    }

    [SkippableFact]
    public async Task Ask_TypedAhead_IsNoAnswer()
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "sh", "-c", "echo begun; sleep 0.5; exec node server.js");
        await typist.SeesAsync("begun");
        typist.Type("ssss");

        await typist.SeesAsync("[s/n/l]");
        await Task.Delay(300);
        Assert.False(stale.HasExited);
        typist.Type("l");
        Assert.Equal(1, await typist.Exit);
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Ask_Terminated_EndsTheQuestion()
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "node", "server.js");
        await typist.SeesAsync("[s/n/l]");

        Signals.Send(typist.Pid, Signals.Terminate);

        Assert.Equal(143, await typist.Exit);
        Assert.False(stale.HasExited);
        Assert.Equal("left", Remembered().Outcome);
    }

    [SkippableFact]
    public async Task Ask_ProtectedHolder_OffersNoStrike()
    {
        await using Server stale = await NodeAsync();
        string config = _folder.Write("portia.json", """{ "protect": { "process": ["node"] } }""");
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--config", config, "--", "node", "server.js");

        await typist.SeesAsync("The configuration protects \"node\". Next free port, leave? [n/l]");
        typist.Type("s");
        typist.Type("l");
        Assert.Equal(1, await typist.Exit);
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Ask_ControlCAfterTheRefusal_AsksNothing()
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "bash", "-c", "trap 'exit 4' INT; node server.js; echo refused; while :; do sleep 0.05; done");
        await typist.SeesAsync("refused");

        typist.Type("\u0003");

        Assert.Equal(4, await typist.Exit);
        Assert.Empty(OwnLines(typist));
    }

    [SkippableFact]
    public async Task Ask_NoTerminal_SaysWhoHoldsItAndAsksNothing()
    {
        await using Server stale = await NodeAsync();
        Portia.Answer answer = await Portia.RunAsync("run", "--", "node", Path.Combine(_folder.Path, "server.js"));

        Assert.Equal(1, answer.ExitCode);
        Assert.Empty(answer.Output);
        Assert.Contains($"portia: node (pid {stale.Pid}, ", answer.Messages, StringComparison.Ordinal);
        Assert.Contains($"holds {_port}. To free it: portia free {_port}", answer.Messages, StringComparison.Ordinal);
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Run_Incident_IsRememberedWithWhatCameOfIt()
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--", "node", "server.js");
        await typist.SeesAsync("listening");

        HistoryEntry entry = Remembered();
        Assert.Equal(_port, entry.Endpoint.Port);
        Assert.Equal("portia run --free", entry.Rule);
        Assert.Equal("freed", entry.Outcome);
        Assert.Equal(stale.Pid, Assert.Single(entry.Holders).Pid);
    }

    [SkippableFact]
    public async Task Next_PortFromTheEnvironment_IsTheNextFreeOne()
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "env", $"PORT={_port}", "portia", "run", "--next", "--", "node", "server.js");

        await typist.SeesAsync("Starting again with PORT=");
        await typist.SeesAsync("listening on ");
        string shown = typist.Shown;
        int next = int.Parse(new string([.. shown[(shown.IndexOf("PORT=", StringComparison.Ordinal) + 5)..].TakeWhile(char.IsAsciiDigit)]), CultureInfo.InvariantCulture);
        Assert.InRange(next, _port + 1, _port + 200);
        await ServesAsync(next);
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Next_PortOnTheCommandLine_IsReplaced()
    {
        await using Server stale = await PythonAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--next", "--", "python3", "-u", "-m", "http.server", Text(_port), "--bind", "127.0.0.1");

        await typist.SeesAsync($" in place of {_port}.");
        await typist.SeesAsync("Serving HTTP on 127.0.0.1 port ");
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Next_CommandThatDoesNotReadPort_IsSaidAndNotTriedForEver()
    {
        await using Server stale = await NodeAsync();
        _folder.Write("fixed.js", $"require('http').createServer().listen({_port}, '127.0.0.1')");
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--next", "--", "node", "fixed.js");

        await typist.SeesAsync("Starting again with PORT=");
        await typist.SeesAsync("The command does not take its port from PORT");
        Assert.Equal(1, await typist.Exit);
        Assert.Equal(2, OwnLines(typist).Count);
    }

    [SkippableFact]
    public async Task Wait_HolderThatEnds_LetsTheCommandStart()
    {
        Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--wait", "--", "node", "server.js");
        await typist.SeesAsync($"holds {_port}. Waiting until it is free; Ctrl-C gives up.");

        await stale.DisposeAsync();

        await typist.SeesAsync($"portia: {_port} is free. Starting again.");
        await typist.SeesAsync("listening");
        typist.Type("\u0003");
        Assert.Equal(130, await typist.Exit);
    }

    [SkippableFact]
    public async Task Wait_ControlC_GivesUp()
    {
        await using Server stale = await NodeAsync();
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--wait", "--", "node", "server.js");
        await typist.SeesAsync("Waiting until it is free");

        typist.Type("\u0003");

        Assert.Equal(130, await typist.Exit);
        Assert.False(stale.HasExited);
        HistoryEntry entry = Remembered();
        Assert.Equal("left", entry.Outcome);
        Assert.Contains($"You gave up waiting for {_port}.", entry.Json, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Run_CommandThatServesInSpiteOfARefusal_IsNotInterrupted()
    {
        await using Server stale = await NodeAsync();
        int other = Server.FreePort();
        _folder.Write("two.js", $"require('http').createServer().on('error', e => console.error(e)).listen({_port}, '127.0.0.1'); require('http').createServer().listen({other}, '127.0.0.1'); setTimeout(() => process.exit(0), 5000)");
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--", "node", "two.js");

        await typist.SeesAsync("EADDRINUSE");
        await ServesAsync(other);
        Assert.Equal(0, await typist.Exit);
        Assert.DoesNotContain("freed", string.Concat(OwnLines(typist)), StringComparison.Ordinal);
        Assert.False(stale.HasExited);
    }

    private HistoryEntry Remembered()
    {
        using HistoryReader? history = HistoryReader.Open(Path.Combine(_folder.Path, "data", "portia", "history.db"), Platforms.Here().Processes);
        return Assert.Single(Assert.IsType<HistoryReader>(history).Find(new HistoryQuery()));
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static List<string> OwnLines(Typist typist) => [.. typist.Shown.Split('\n').Where(line => line.StartsWith("portia: ", StringComparison.Ordinal))];

    private static async Task ServesAsync(int port)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (i < 300)
            {
                await Task.Delay(20);
            }
        }
    }

    private Task<Server> NodeAsync()
    {
        Server.Requires("node");
        WriteNodeServer();
        return Server.Start(_folder.Path, "/usr/bin/env", "node", "server.js").PrintsAsync("listening");
    }

    private void WriteNodeServer()
    {
        _folder.Write("package.json", "{}");
        _folder.Write("server.js", $"const port = +(process.env.PORT || {_port}); require('http').createServer((q, r) => r.end()).listen(port, '127.0.0.1', () => console.log('listening on ' + port))");
    }

    private Task<Server> PythonAsync()
    {
        Server.Requires("python3");
        return Server.Start(_folder.Path, "/usr/bin/python3", "-u", "-m", "http.server", Text(_port), "--bind", "127.0.0.1").PrintsAsync("Serving");
    }
}
