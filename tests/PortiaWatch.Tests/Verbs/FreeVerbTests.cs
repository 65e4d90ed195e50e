using System.Net;
using System.Net.Sockets;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Verbs;

public sealed class FreeVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Free_HeldPort_EndsTheHolderBySigtermAndThePortIsFree()
    {
        await using Server server = await PythonAsync(out int port, "signal.signal(signal.SIGTERM, lambda *a: (print('term', flush=True), sys.exit(7)))");

        Portia.Answer answer = await Portia.RunAsync("free", $"{port}", "--yes", "--json");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("freed", answer.Json.GetProperty("outcome").GetString());
        Assert.Equal(7, await server.WaitForExitAsync());
        Assert.Contains("term", server.Output, StringComparison.Ordinal);
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }

    [SkippableFact]
    public async Task Free_DryRun_SignalsNothing()
    {
        await using Server server = await PythonAsync(out int port);

        Portia.Answer answer = await Portia.RunAsync("free", $"{port}", "--yes", "--dry-run", "--json");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("dryRun", answer.Json.GetProperty("outcome").GetString());
        Assert.False(server.HasExited);
    }

    [SkippableFact]
    public async Task Free_HolderThatIgnoresSigterm_IsStillHeldAfterTheGraceTime()
    {
        await using Server server = await PythonAsync(out int port, "signal.signal(signal.SIGTERM, signal.SIG_IGN)");

        Portia.Answer answer = await Portia.RunAsync("free", $"{port}", "--yes", "--grace", "200ms", "--json");

        Assert.Equal(5, answer.ExitCode);
        Assert.False(server.HasExited);
        Assert.Contains("--force", answer.Json.GetProperty("nextStep").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Free_ForceAgainstAHolderThatIgnoresSigterm_KillsItAfterTheGraceTime()
    {
        await using Server server = await PythonAsync(out int port, "signal.signal(signal.SIGTERM, signal.SIG_IGN)");

        Portia.Answer answer = await Portia.RunAsync("free", $"{port}", "--yes", "--force", "--grace", "200ms", "--json");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal(128 + Signals.Kill, await server.WaitForExitAsync());
    }

    [SkippableFact]
    public async Task Free_NobodyToAskAndNoYes_StopsNothing()
    {
        await using Server server = await PythonAsync(out int port);

        Portia.Answer answer = await Portia.RunAsync("free", $"{port}");

        Assert.Equal(4, answer.ExitCode);
        Assert.False(server.HasExited);
        Assert.Contains("--yes", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Free_PortNobodyHolds_AnswersNo()
    {
        Portia.Answer answer = await Portia.RunAsync("free", $"{Server.FreePort()}", "--yes");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("Nobody holds", answer.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Free_SocketFileThatNobodyListensOn_SaysHowToRemoveIt()
    {
        string path = Path.Combine(_folder.Path, "app.sock");
        Server.Requires("python3");
        await using Server server = Server.Start(_folder.Path, "/usr/bin/python3", "-c", "import socket; socket.socket(socket.AF_UNIX).bind('app.sock')");
        await server.WaitForExitAsync();

        Portia.Answer answer = await Portia.RunAsync("free", path, "--yes");

        Assert.Equal(5, answer.ExitCode);
        Assert.Contains($"rm {path}", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Free_OurOwnAncestor_IsRefusedForSafety()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Portia.Answer answer = await Portia.RunAsync("free", $"{((IPEndPoint)listener.LocalEndpoint).Port}", "--yes", "--json");

        Assert.Equal(4, answer.ExitCode);
        Assert.Equal("refused", answer.Json.GetProperty("outcome").GetString());
    }

    [SkippableFact]
    public async Task Free_ProtectedByTheConfiguration_IsRefusedForSafety()
    {
        await using Server server = await PythonAsync(out int port);
        string config = _folder.Write("portia.json", """{ "protect": { "process": ["python*"] } }""");

        Portia.Answer answer = await Portia.RunAsync("free", $"{port}", "--yes", "--json", "--config", config);

        Assert.Equal(4, answer.ExitCode);
        Assert.False(server.HasExited);
    }

    [Fact]
    public async Task Free_BadGrace_IsAUsageError() => Assert.Equal(2, (await Portia.RunAsync("free", "3000", "--grace", "soon")).ExitCode);

    private Task<Server> PythonAsync(out int port, string atStart = "pass")
    {
        Server.Requires("python3");
        port = Server.FreePort();
        string script = _folder.Write("server.py", $"""
            import signal, socket, sys
            {atStart}
            s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", {port})); s.listen()
            print("ready", flush=True)
            while True: s.accept()
            """);
        return Server.Start(_folder.Path, "/usr/bin/python3", script).PrintsAsync("ready");
    }
}
