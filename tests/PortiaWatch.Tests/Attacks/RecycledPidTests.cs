using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Attacks;

/// <summary>The refused program is gone, and another has its pid, before the watcher looks. The other is not blamed, and nobody is stopped for it.</summary>
[Collection(AttackSuite.Name)]
public sealed class RecycledPidTests(AttackTally attacks) : IDisposable
{
    // clone3 with set_tid (linux/sched.h): root may choose the pid of a child. The first child says its words and ends; the second, of the same pid, sleeps, and ends with its
    // parent (PR_SET_PDEATHSIG).
    private const string Program = """
        import ctypes, os, socket, struct, sys, time
        libc = ctypes.CDLL(None, use_errno=True)
        where, words = sys.argv[1:3]
        first = os.fork()
        if first == 0:
            s = socket.socket(socket.AF_UNIX); s.connect(where); s.send(words.encode() + b"\n")
            os._exit(0)
        os.waitpid(first, 0)
        time.sleep(0.3)
        tid = (ctypes.c_int * 1)(first)
        second = libc.syscall(435, ctypes.create_string_buffer(struct.pack("11Q", 0, 0, 0, 0, 17, 0, 0, 0, ctypes.addressof(tid), 1, 0), 88), 88)
        if second == 0:
            libc.prctl(1, 9)
            os.dup2(os.open("/dev/null", os.O_RDWR), 1); os.dup2(1, 2)
            os.execv("/bin/sleep", ["innocent", "100"])
        print("recycled" if second == first else "refused", first, flush=True)
        sys.stdin.readline()
        """;

    private readonly TemporaryFolder _folder = new();

    private static int Continue => OperatingSystem.IsMacOS() ? 19 : 18;

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Hook_WhosePidIsAnothersByNow_BlamesNobodyAndStopsNothing()
    {
        Server.Requires("python3");
        Server.RequiresThat(OperatingSystem.IsLinux() && Environment.UserName == "root", "only root can choose a pid");
        attacks.Try();
        int port = Server.FreePort();
        await using Server victim = await Server.Start(_folder.Path, "/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", $"{port}").ListensOnAsync(port);
        await using Watcher watcher = await Watcher.StartAsync(_folder, $$"""{ "sources": { "kernel": false, "systemLog": false }, "rules": [ { "ports": [{{port}}], "action": "kill" } ] }""");
        Signals.Send(watcher.Portia.Pid, Signals.Stop);
        string words = $$$"""{"schema":"portia.request/1","do":"hook","hook":{"address":"127.0.0.1","port":{{{port}}}}}""";
        await using Server program = await Server.Start(_folder.Path, "/usr/bin/python3", _folder.Write("recycle.py", Program), watcher.Socket, words).PrintsAsync("re");
        Server.RequiresThat(program.Output.StartsWith("recycled", StringComparison.Ordinal), "this kernel lets nobody choose a pid");

        Signals.Send(watcher.Portia.Pid, Continue);
        JsonElement incident = JsonDocument.Parse(await watcher.Portia.ReadLineAsync() ?? "").RootElement;

        Assert.Equal("text", incident.GetProperty("collision").GetProperty("trust").GetString());
        AssertNobodyBlamed(incident, victim);
        attacks.Repelled();
    }

    private static void AssertNobodyBlamed(JsonElement incident, Server victim)
    {
        Assert.DoesNotContain("sleep", incident.GetProperty("contender").GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("innocent", incident.GetRawText(), StringComparison.Ordinal);
        Assert.NotEqual("kill", incident.GetProperty("verdict").GetProperty("action").GetString());
        Assert.False(victim.HasExited);
    }
}
