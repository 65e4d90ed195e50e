using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// The programs on bind and listen, loaded and attached. Everything hangs on descriptors of this process: when they close, by <see cref="Dispose"/> or by the
/// end of the process however sudden, the kernel detaches and frees all of it.
/// </summary>
internal sealed class Sensor : IEventFeed
{
    // Ring memory is locked, and until 5.11 RLIMIT_MEMLOCK limits it even for root; 8 MB lost nothing under load where 1 MB did.
    private static readonly int[] s_ringBytes = [8 << 20, 2 << 20, 512 << 10, 64 << 10];

    private readonly SensorMaps _maps;
    private readonly List<SafeFileHandle> _attachments = [];

    private Sensor(SensorMaps maps, SensorPlan plan)
    {
        _maps = maps;
        Plan = plan;
        Ring = new RingReader(maps.Ring, maps.RingBytes);
    }

    public static string UnknownMachine => $"The kernel source does not know the registers of {RuntimeInformation.ProcessArchitecture}; the other sources go on without it.";

    public RingReader Ring { get; }

    /// <summary>What the kernel took: <see cref="SensorPlan.Limit"/> says what it does not see.</summary>
    public SensorPlan Plan { get; }

    public int RingBytes => _maps.RingBytes;

    /// <summary>Readable while records wait.</summary>
    public SafeFileHandle Readable => _maps.Ring;

    public long Backlog => Ring.Backlog;

    public string? Limit => Plan.Limit;

    /// <summary>Events that found the ring full, since the start.</summary>
    public long Dropped => Libc.bpf_map_lookup_elem(_maps.Dropped, 0, out ulong count) ? (long)count : 0;

    /// <summary>
    /// Loads the first of the plans that the kernel takes, and attaches it. Throws <see cref="SourceUnavailableException"/> when there is no use in trying again,
    /// <see cref="IOException"/> when there is.
    /// </summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handed to the caller.")]
    public static Sensor Start(IReadOnlyList<SensorPlan>? plans = null)
    {
        ArgumentRegisters registers = ArgumentRegisters.For(RuntimeInformation.ProcessArchitecture)
            ?? throw new SourceUnavailableException(UnknownMachine);
        plans ??= SensorPlan.Choices(KernelOffsets.OfRunningKernel(), registers);
        using Tracefs tracefs = Tracefs.Open();
        Exception? refusal = null;
        foreach (SensorPlan plan in plans)
        {
            if (TryStart(plan, tracefs, ref refusal) is { } sensor)
                return sensor;
        }

        throw refusal ?? new SourceUnavailableException("There is no program for this kernel.");
    }

    public bool TryRead(Span<byte> buffer, out int lengthBytes) => Ring.TryRead(buffer, out lengthBytes);

    public void Dispose()
    {
        foreach (SafeFileHandle attachment in _attachments)
            attachment.Dispose();
        Ring.Dispose();
        _maps.Dispose();
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handed to the caller, or disposed here when it is not complete.")]
    private static Sensor? TryStart(SensorPlan plan, Tracefs tracefs, ref Exception? refusal)
    {
        Sensor sensor = new(CreateMaps(plan), plan);
        bool complete = false;
        try
        {
            // The entry first: an exit without it would find arguments of an earlier call.
            complete = (sensor._maps.Arguments is not { } arguments
                    || (sensor.TryAttach("portia_enter_b", EntryProgram.Build((int)arguments.DangerousGetHandle(), 3), "sys_enter_bind", tracefs, ref refusal)
                        && sensor.TryAttach("portia_enter_l", EntryProgram.Build((int)arguments.DangerousGetHandle(), 2), "sys_enter_listen", tracefs, ref refusal)))
                && sensor.TryAttach("portia_bind", ExitProgram.ForBind(plan, sensor._maps), "sys_exit_bind", tracefs, ref refusal)
                && sensor.TryAttach("portia_listen", ExitProgram.ForListen(plan, sensor._maps), "sys_exit_listen", tracefs, ref refusal);
            return complete ? sensor : null;
        }
        finally
        {
            if (!complete)
                sensor.Dispose();
        }
    }

    /// <summary>False, with the reason, when the verifier will not have the program; another plan may do. Everything else is thrown.</summary>
    private bool TryAttach(string name, byte[] instructions, string tracepoint, Tracefs tracefs, ref Exception? refusal)
    {
        using SafeFileHandle? program = BpfLoader.TryLoad(name, instructions, out int errno, out string objection);
        if (program is null)
        {
            refusal = KernelRefusal.OfProgram(errno, objection);
            return false;
        }

        PerfEventAttributes attributes = new()
        {
            type = Libc.PERF_TYPE_TRACEPOINT,
            size = Libc.PERF_ATTR_SIZE_VER0,
            config = tracefs.IdOf(tracepoint),
            sample_period = 1,
            wakeup_events = 1,
        };

        // A program on a tracepoint runs on every processor, wherever the event that carries it was opened.
        SafeFileHandle perfEvent = Libc.perf_event_open(attributes, FirstProcessor(), out errno) ?? throw KernelRefusal.OfAttachment(tracepoint, errno);
        _attachments.Add(perfEvent);
        errno = Libc.perf_event_ioctl(perfEvent, Libc.PERF_EVENT_IOC_SET_BPF, program.DangerousGetHandle());
        if (errno == 0)
            errno = Libc.perf_event_ioctl(perfEvent, Libc.PERF_EVENT_IOC_ENABLE, 0);
        return errno == 0 ? true : throw KernelRefusal.OfAttachment(tracepoint, errno);
    }

    private static SensorMaps CreateMaps(SensorPlan plan)
    {
        SafeFileHandle? ring = null;
        int errno = 0;
        int bytes = 0;
        foreach (int size in s_ringBytes)
        {
            bytes = size;
            ring = BpfLoader.TryCreateMap("portia_ring", Libc.BPF_MAP_TYPE_RINGBUF, 0, 0, size, out errno);
            if (ring is not null)
                break;
        }

        return new SensorMaps
        {
            Ring = ring ?? throw KernelRefusal.OfMap(errno),
            RingBytes = bytes,
            Dropped = BpfLoader.CreateMap("portia_dropped", Libc.BPF_MAP_TYPE_ARRAY, sizeof(uint), sizeof(ulong), 1),
            Scratch = BpfLoader.CreateMap("portia_scratch", Libc.BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(uint), EventLayout.MaxBytes, 1),
            Arguments = plan.Registers is not null
                ? null
                : BpfLoader.CreateMap("portia_args", Libc.BPF_MAP_TYPE_LRU_HASH, sizeof(ulong), EntryProgram.ValueBytes, EntryProgram.Threads),
        };
    }

    private static int FirstProcessor()
    {
        // "0-3,5": processor 0 can be offline.
        string online = File.ReadAllText("/sys/devices/system/cpu/online");
        int end = online.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return int.Parse(end < 0 ? online : online.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
