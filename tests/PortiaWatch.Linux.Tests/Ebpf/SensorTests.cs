using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>The programs on this kernel: every plan, and what they do to others.</summary>
[Collection(LiveKernel.OneAtATime)]
public sealed class SensorTests
{
    [SkippableTheory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Sensor_EveryPlan_SeesPidAndPort(bool followsStructures, bool readsRegisters)
    {
        LiveKernel.Require();
        using Socket holder = Listen();
        int port = ((IPEndPoint)holder.LocalEndPoint!).Port;
        using Sensor sensor = Sensor.Start([Plan(followsStructures, readsRegisters)]);
        (int pid, _) = await OneShot.RunAsync(OneShot.Refused, "tcp", "127.0.0.1", port.ToString(CultureInfo.InvariantCulture));

        KernelEvent seen = ReadAll(sensor).Single(one => one.Process == pid);

        Assert.Equal(port, RefusedEndpoint.Of(seen)?.Port);
        Assert.Equal("refused", seen.Name);
        Assert.Equal(followsStructures, seen.Socket is not null);
        Assert.Equal(followsStructures, seen.Command is not null);
        Assert.Equal(followsStructures, sensor.Plan.Limit is null);
    }

    [SkippableFact]
    public async Task Sensor_FailedListenWithoutStructures_IsStillSeen()
    {
        LiveKernel.Require();
        using Sensor sensor = Sensor.Start([Plan(followsStructures: false, readsRegisters: true)]);
        (int pid, _) = await OneShot.RunAsync(OneShot.Refused, "listen", "0.0.0.0", "47312");

        KernelEvent seen = ReadAll(sensor).Single(one => one.Process == pid && one.Kind == KernelEventKind.ListenRefused);

        Assert.NotNull(RefusedEndpoint.Of(seen));
    }

    [SkippableFact]
    public async Task Sensor_SmallRing_CountsWhatFoundNoRoom()
    {
        LiveKernel.Require();
        using Socket holder = Listen();
        using Sensor sensor = Sensor.Start();
        const int Times = 60_000;
        string port = ((IPEndPoint)holder.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
        (int pid, _) = await OneShot.RunAsync(OneShot.Refused, "many", "127.0.0.1", port, "1", Times.ToString(CultureInfo.InvariantCulture));

        // Nobody read meanwhile, so more was sent than eight megabytes hold.
        int seen = ReadAll(sensor).Count(one => one.Process == pid);

        Assert.InRange(sensor.Dropped, Times - seen, long.MaxValue);
        Assert.NotEqual(0, sensor.Dropped);
    }

    [SkippableFact]
    public async Task Sensor_OtherToolsOnTheSameTracepoint_StillSeeTheirEvents()
    {
        LiveKernel.Require();
        using Tracefs tracefs = Tracefs.Open();
        PerfEventAttributes counting = new()
        {
            type = Libc.PERF_TYPE_TRACEPOINT,
            size = Libc.PERF_ATTR_SIZE_VER0,
            config = tracefs.IdOf("sys_exit_bind"),
        };
        List<FileStream> others = [];
        for (int processor = 0; processor < Environment.ProcessorCount; processor++)
        {
            SafeFileHandle counter = Libc.perf_event_open(counting, processor, out int errno) ?? throw new InvalidOperationException(Marshal.GetPInvokeErrorMessage(errno));
            others.Add(new FileStream(counter, FileAccess.Read, bufferSize: 0));
        }

        using Sensor sensor = Sensor.Start();
        using Socket holder = Listen();
        string port = ((IPEndPoint)holder.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);

        long before = Count(others);
        await OneShot.RunAsync(OneShot.Refused, "many", "127.0.0.1", port, "2", "500");
        long after = Count(others);
        others.ForEach(other => other.Dispose());

        Assert.InRange(after - before, 1000, long.MaxValue);
    }

    [SkippableFact]
    public void Loader_ProgramThatReadsNonsense_GetsTheVerifiersWords()
    {
        LiveKernel.Require();
        byte[] nonsense = new BpfAssembler().Move(BpfRegister.R0, BpfRegister.R5).Exit().Build();

        Assert.Null(BpfLoader.TryLoad("portia_test", nonsense, out int errno, out string objection));
        Assert.Equal(13, errno);
        Assert.Contains("R5 !read_ok", objection, StringComparison.Ordinal);
    }

    private static SensorPlan Plan(bool followsStructures, bool readsRegisters)
    {
        KernelOffsets? offsets = followsStructures ? KernelOffsets.OfRunningKernel() : null;
        Skip.If(followsStructures && offsets is null, "this kernel was built without BTF");
        return new SensorPlan { Offsets = offsets, Registers = readsRegisters ? ArgumentRegisters.For(RuntimeInformation.ProcessArchitecture) : null };
    }

    private static List<KernelEvent> ReadAll(Sensor sensor)
    {
        List<KernelEvent> all = [];
        byte[] buffer = new byte[EventLayout.MaxBytes];
        while (sensor.Ring.TryRead(buffer, out int length))
        {
            Assert.True(KernelEvent.TryParse(buffer.AsSpan(0, length), out KernelEvent? seen));
            all.Add(seen);
        }

        return all;
    }

    private static long Count(List<FileStream> counters)
    {
        long sum = 0;
        byte[] count = new byte[sizeof(ulong)];
        foreach (FileStream counter in counters)
        {
            counter.ReadExactly(count);
            sum += BinaryPrimitives.ReadInt64LittleEndian(count);
        }

        return sum;
    }

    private static Socket Listen()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }
}
