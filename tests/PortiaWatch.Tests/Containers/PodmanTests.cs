using System.Diagnostics;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Containers;

/// <summary>A real container of a real podman, with storage and an API socket of its own.</summary>
public sealed class PodmanTests : IAsyncLifetime, IDisposable
{
    private const string Name = "portia-test-web";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Server.FreePort();
    private Server? _service;
    private string? _missing;

    private string Socket => Path.Combine(_folder.Path, "podman.sock");

    /// <summary>An image of nothing but a static busybox: no registry is asked.</summary>
    public async Task InitializeAsync()
    {
        string[] needed = ["podman", "runc", "conmon", "busybox", "tar"];
        if (Environment.UserName != "root" || Array.Find(needed, program => !Server.IsInstalled(program)) is { })
        {
            _missing = "needs root, podman, runc and busybox-static";
            return;
        }

        string files = Path.Combine(_folder.Path, "files");
        Directory.CreateDirectory(Path.Combine(files, "bin"));
        File.Copy(File.Exists("/bin/busybox") ? "/bin/busybox" : "/usr/bin/busybox", Path.Combine(files, "bin/busybox"));
        File.CreateSymbolicLink(Path.Combine(files, "bin/sh"), "busybox");
        await RunAsync("tar", "-C", files, "-cf", Path.Combine(_folder.Path, "image.tar"), ".");
        await PodmanAsync("import", "-q", Path.Combine(_folder.Path, "image.tar"), "portia-test");
        string said = await PodmanAsync(
            "run", "-d", "--name", Name, "--label", "com.docker.compose.project=shop", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "-p", $"127.0.0.1:{_port}:80",
            "portia-test", "/bin/sh", "-c", "trap 'exit 0' TERM; busybox httpd -f -p 80 & wait");
        if (!(await PodmanAsync("ps")).Contains(Name, StringComparison.Ordinal))
        {
            _missing = $"this machine runs no containers: {said}";
            return;
        }

        _service = Server.Start(_folder.Path, "podman", [.. Own, "system", "service", "--time=0", $"unix://{Socket}"]);
        using var patience = new CancellationTokenSource(Patience);
        while (!File.Exists(Socket))
            await Task.Delay(20, patience.Token);
    }

    [SkippableFact]
    public async Task Who_PublishedPort_NamesContainerImageAndProject()
    {
        Require();

        JsonElement holder = (await PortiaAsync("who", $"{_port}", "--json")).Json.GetProperty("holders")[0];

        Assert.Equal($"{Name} (localhost/portia-test:latest, compose project shop)", holder.GetProperty("container").GetString());
        Assert.Equal(["podman", "stop", Name], holder.GetProperty("supervisor").GetProperty("stop").EnumerateArray().Select(word => word.GetString()));
        Assert.Contains($"podman stop {Name}", holder.GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Free_ThatAdvises_LeavesTheContainerAndShowsTheCommand()
    {
        Require();

        Portia.Answer answer = await PortiaAsync("free", $"{_port}", "--yes", "--force");

        Assert.Equal(4, answer.ExitCode);
        Assert.Contains($"podman stop {Name}", answer.Output, StringComparison.Ordinal);
        Assert.Contains(Name, await PodmanAsync("ps"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Free_ThatStops_StopsTheContainerThroughTheApiAndSignalsNoProxy()
    {
        Require();
        string config = _folder.Write("portia.json", """{ "strike": { "supervised": "stop", "grace": "20s" } }""");

        Portia.Answer answer = await PortiaAsync("free", $"{_port}", "--yes", "--json", "--config", config);

        Assert.True(answer.ExitCode == 0, answer.Output + answer.Messages);
        Assert.Contains("free", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Name, await PodmanAsync("ps"), StringComparison.Ordinal);

        // Asked to end and ended: 137 would be SIGKILL, as after the end of its proxy.
        Assert.Contains("Exited (0)", await PodmanAsync("ps", "-a"), StringComparison.Ordinal);
        Assert.Equal(1, (await PortiaAsync("who", $"{_port}")).ExitCode);
    }

    public async Task DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        if (Server.IsInstalled("podman") && Environment.UserName == "root")
        {
            await PodmanAsync("rm", "-f", "-t", "0", Name);

            // The storage driver mounts its folder onto itself.
            await RunAsync("umount", Path.Combine(_folder.Path, "root/overlay"));
        }
    }

    public void Dispose() => _folder.Dispose();

    private string[] Own => ["--root", Path.Combine(_folder.Path, "root"), "--runroot", Path.Combine(_folder.Path, "runroot"), "--cgroup-manager=cgroupfs", "--runtime", "runc"];

    private void Require() => Server.RequiresThat(_missing is null, _missing ?? "");

    private Task<Portia.Answer> PortiaAsync(params string[] arguments) => Portia.RunAsync(arguments, ("CONTAINER_HOST", $"unix://{Socket}"));

    private Task<string> PodmanAsync(params string[] arguments) => RunAsync("podman", [.. Own, .. arguments]);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync();
        return output + await errors;
    }
}
