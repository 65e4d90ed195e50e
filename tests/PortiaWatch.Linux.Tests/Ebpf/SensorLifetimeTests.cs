using System.Net;
using System.Net.Sockets;
using PortiaWatch.Linux.Tests.Support;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>What is left of a sensor when its process is not there any more, or may not be there at all.</summary>
[Collection(LiveKernel.OneAtATime)]
public sealed class SensorLifetimeTests
{
    private static readonly string[] s_container = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

    [SkippableFact]
    public async Task Sensor_WatcherKilled_LeavesNothingInTheKernel()
    {
        LiveKernel.Require();
        await using SensorProcess sensor = SensorProcess.Start();
        await sensor.NextAsync("state");
        IReadOnlyList<uint> maps = BpfObjects.MapsOf(sensor.Pid);
        Assert.Equal(3, maps.Count);
        Assert.All(maps, map => Assert.True(BpfObjects.Exists(map)));

        await sensor.KillAsync();

        await GoneAsync(maps);
    }

    [SkippableFact]
    public async Task Sensor_ReadingCancelled_LeavesNothingInTheKernel()
    {
        HashSet<uint> before = [.. BpfObjects.MapsOf(Environment.ProcessId)];
        uint[] maps;
        await using (await WatchedKernel.StartAsync())
            maps = [.. BpfObjects.MapsOf(Environment.ProcessId).Except(before)];
        Assert.NotEmpty(maps);

        await GoneAsync(maps);
    }

    [SkippableFact]
    public async Task Source_WithoutRights_SaysWhichAndHowToGetThem()
    {
        Require.Root();
        LiveKernel.RequireTool("setpriv");
        await using SensorProcess sensor = SensorProcess.Start("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

        string[] limit = await sensor.NextAsync("limit");
        string[] refusal = await sensor.NextAsync("unavailable");

        const string Sentence = "The kernel source needs CAP_BPF, CAP_PERFMON and CAP_DAC_READ_SEARCH: "
            + "`sudo portia install --kernel` gives them to a sensor alone, AmbientCapabilities=CAP_BPF CAP_PERFMON CAP_DAC_READ_SEARCH in a system unit, or root.";
        Assert.Equal(Sentence, limit[1]);
        Assert.Equal("True", refusal[1]);
        Assert.Equal(Sentence, refusal[2]);
    }

    [SkippableFact]
    public async Task Source_RootWithoutBpfCapability_NamesOnlyWhatIsMissing()
    {
        Require.Root();
        LiveKernel.RequireTool("setpriv");
        await using SensorProcess sensor = SensorProcess.Start("setpriv", "--bounding-set=-bpf,-sys_admin", "--inh-caps=-all");

        string[] refusal = await sensor.NextAsync("unavailable");

        Assert.Equal("True", refusal[1]);
        Assert.StartsWith("The kernel source needs CAP_BPF: ", refusal[2], StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Source_InAContainerOfItsOwn_NeverTakesAForeignPidForALocalOne()
    {
        LiveKernel.Require();
        LiveKernel.RequireTool("unshare");
        await using SensorProcess sensor = SensorProcess.Start(s_container);
        await sensor.NextAsync("state");
        string endpoint = $"127.0.0.1:{FreePort()}";
        (int pid, _) = await OneShot.RunAsync(OneShot.Refused, "self", "127.0.0.1", endpoint.Split(':')[1]);

        string[] record = await sensor.NextAsync("record", fields => fields[2] == endpoint);

        Assert.Equal(["record", "0", endpoint, $"pid {pid} of another pid namespace", "no facts"], record);
    }

    [SkippableFact]
    public async Task Source_InAContainerOfItsOwn_NumbersItsNeighboursAsTheyAreNumberedThere()
    {
        LiveKernel.Require();
        LiveKernel.RequireTool("nsenter");
        await using SensorProcess sensor = SensorProcess.Start(s_container);
        await sensor.NextAsync("state");
        string first = (await File.ReadAllTextAsync($"/proc/{sensor.Pid}/task/{sensor.Pid}/children")).Trim();
        string endpoint = $"127.0.0.1:{FreePort()}";
        (_, string output) = await OneShot.RunAsync(
            "nsenter", "--target", first, "--pid", "--mount", "sh", "-c", $"echo $$; exec {OneShot.Refused} self 127.0.0.1 {endpoint.Split(':')[1]}");

        string[] record = await sensor.NextAsync("record", fields => fields[2] == endpoint);

        Assert.Equal(["record", output.Trim(), endpoint, "", "facts"], record);
    }

    private static int FreePort()
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    // The kernel frees them after a grace period of its own, and tells nobody.
    private static async Task GoneAsync(IReadOnlyList<uint> maps)
    {
        using CancellationTokenSource guard = new(TimeSpan.FromSeconds(30));
        while (maps.Any(BpfObjects.Exists))
            await Task.Delay(10, guard.Token);
    }
}
