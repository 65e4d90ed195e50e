using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PortiaWatch.Darwin.Tests.Support;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Tests;

/// <summary>What the platform promises of real sockets and processes. On a Mac against the real system, elsewhere against this machine through the stand-in.</summary>
[Collection(World.Collection)]
public sealed class PlatformContractTests : IDisposable
{
    private const string Holding = "import signal, socket, sys\ns = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\nprint(s.getsockname()[1], flush=True)\nsignal.pause()\n";

    private readonly World? _world = OperatingSystem.IsMacOS() ? null : new World().WithHost();
    private readonly Platform _platform = DarwinPlatform.Create(
        Path.GetTempPath(),
        OperatingSystem.IsMacOS() ? new Surroundings() : new Surroundings { Library = StandInLibrary.Handle, Launchctl = "/bin/false" });
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            if (!process.HasExited)
                _ = Darwin.Interop.libSystem.kill(process.Id, 9);
            process.Dispose();
        }

        _world?.Dispose();
    }

    [Fact]
    public void Capabilities_OutsideASandbox_AreThere()
    {
        Assert.True(_platform.Capabilities.Has(Capability.ReadSocketTable | Capability.Signal));
        Assert.False(_platform.Capabilities.IsLite);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    public void Blocking_OwnListener_IsOurs(string address)
    {
        using Socket listener = new(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;

        SocketOwner owner = _platform.Sockets.Blocking(new Endpoint { Port = port }).Owners.Single(o => o.Process == _platform.Processes.Self);
        Assert.Equal((port, SocketUse.Listening), (owner.Endpoint.Port, owner.Use));
        Assert.Equal((int)listener.Handle, owner.Descriptor);
        Assert.True(_platform.Sockets.StillHolds(owner));
        Assert.False(_platform.Sockets.CanBind(new Endpoint { Address = address, Port = port }));
        Assert.Contains(_platform.Sockets.Listeners(), o => o.Endpoint.Port == port && o.Process == _platform.Processes.Self);
        listener.Close();
        Assert.False(_platform.Sockets.StillHolds(owner));
        Assert.True(_platform.Sockets.CanBind(new Endpoint { Address = address, Port = port }));
    }

    [Fact]
    public void Blocking_BoundUdpSocket_IsOurs()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Endpoint endpoint = new() { Transport = Transport.Udp, Address = "127.0.0.1", Port = ((IPEndPoint)socket.LocalEndPoint!).Port };

        Assert.Contains(_platform.Sockets.Blocking(endpoint).Owners, o => o.Process == _platform.Processes.Self && o.Use == SocketUse.Bound);
        Assert.DoesNotContain(_platform.Sockets.Blocking(endpoint with { Transport = Transport.Tcp }).Owners, o => o.Process == _platform.Processes.Self);
    }

    [Fact]
    public void Blocking_UnixListener_IsOurs()
    {
        string path = Path.Combine("/tmp", $"portia-{Guid.NewGuid():N}.sock");
        using (Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            Assert.Equal(_platform.Processes.Self, Assert.Single(_platform.Sockets.Blocking(new Endpoint { Transport = Transport.Unix, Path = path }).Owners).Process);
        }

        File.Delete(path);
    }

    [Fact]
    public void Describe_Ourselves_TellsWhatWeKnowAnyway()
    {
        ProcessFacts facts = _platform.Processes.Describe(Environment.ProcessId)!;
        Assert.Equal((_platform.Processes.Self, _platform.Processes.CurrentUser), (facts.Identity, facts.Uid));
        Assert.Equal(Path.GetFileName(Environment.ProcessPath), Path.GetFileName(facts.Path));
        Assert.Equal(Environment.CurrentDirectory, facts.WorkingDirectory);
        Assert.NotEmpty(facts.Command!);
        Assert.NotEmpty(facts.Parents);
        Assert.Equal(Environment.UserName, facts.User);
        Assert.InRange(facts.StartedAt!.Value, TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(1), TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(2));
        Assert.Equal(Environment.GetEnvironmentVariable("HOME"), _platform.Processes.EnvironmentVariable(Environment.ProcessId, "HOME"));
        Assert.Null(_platform.Processes.EnvironmentVariable(Environment.ProcessId, "PORTIA_NO_SUCH_VARIABLE"));
    }

    [Fact]
    public async Task Signal_HolderOfAPort_EndsAndThePortIsFree()
    {
        Process server = Start(Holding);
        Endpoint endpoint = new() { Address = "127.0.0.1", Port = int.Parse((await server.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture) };
        SocketOwner owner = Assert.Single(_platform.Sockets.Blocking(endpoint).Owners);
        Assert.Equal(server.Id, owner.Process?.Pid);
        Assert.Contains(_platform.Processes.Descendants(_platform.Processes.Self), p => p == owner.Process);

        using SafeHandle handle = _platform.Striker.Open(owner.Process!)!;
        Assert.False(await _platform.Striker.WaitForExitAsync(handle, TimeSpan.FromMilliseconds(10), CancellationToken.None));
        Assert.Equal(SignalResult.IdentityChanged, _platform.Striker.Signal(handle, owner.Process! with { Generation = 1 }, StopSignal.Terminate));
        Assert.Equal(SignalResult.Delivered, _platform.Striker.Signal(handle, owner.Process!, StopSignal.Terminate));
        Assert.True(await _platform.Striker.WaitForExitAsync(handle, TimeSpan.FromSeconds(30), CancellationToken.None));
        Assert.NotEqual(PortState.Held, _platform.Sockets.Blocking(endpoint).State);
        Assert.Null(_platform.Striker.Open(owner.Process!));
    }

    [Fact]
    public void Identify_ExecInPlace_ChangesTheImageOnly()
    {
        Process shell = Start("import os, sys\nprint('up', flush=True)\nsys.stdin.readline()\nos.execvp('sleep', ['sleep', '300'])\n", hasInput: true);
        Assert.Equal("up", shell.StandardOutput.ReadLine());
        ProcessIdentity before = _platform.Processes.Identify(shell.Id)!;
        shell.StandardInput.WriteLine();
        SpinWait.SpinUntil(() => _platform.Processes.Identify(shell.Id) is { } now && now != before, TimeSpan.FromSeconds(30));

        ProcessIdentity after = _platform.Processes.Identify(shell.Id)!;
        Assert.Equal(before.Generation, after.Generation);
        Assert.NotEqual(before.Image, after.Image);
    }

    [Fact]
    public void Identify_NoSuchProcess_IsNull() => Assert.Null(_platform.Processes.Identify(99_999_999));

    [Fact]
    public void FileIdentity_OneFileTwice_IsTheSame()
    {
        using FileStream first = File.OpenRead(Fixture.PathOf("darwin-abi.json"));
        using FileStream second = File.OpenRead(Fixture.PathOf("darwin-abi.json"));
        Assert.NotNull(_platform.FileIdentity(first.SafeFileHandle));
        Assert.Equal(_platform.FileIdentity(first.SafeFileHandle), _platform.FileIdentity(second.SafeFileHandle));
    }

    [MacFact]
    public async Task Check_RealMac_FindsNothingMissingThatCiHas()
    {
        IReadOnlyList<PlatformCheck> checks = await _platform.CheckAsync(CancellationToken.None);
        string[] needed = ["socket table", "socket owners", "process identity", "signals", "waiting for exits"];
        Assert.All(checks.Where(check => needed.Contains(check.Name)), check => Assert.Equal((check.Name, CheckState.Works), (check.Name, check.State)));
    }

    private Process Start(string script, bool hasInput = false)
    {
        Process process = Process.Start(new ProcessStartInfo("python3", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardInput = hasInput })!;
        _started.Add(process);
        return process;
    }
}
