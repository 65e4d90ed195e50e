using System.Buffers.Text;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Journald;
using PortiaWatch.Linux.Notifications;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Linux;

/// <summary>Measures what lookup and strike can do here. A few system calls; nothing stays open.</summary>
internal static class LinuxCapabilities
{
    private const int CapSysPtrace = 19;

    public static Capabilities Measure()
    {
        var limits = new Dictionary<Capability, string>();
        Capability present = Capability.None;
        void Note(Capability capability, bool works, string limit)
        {
            if (works)
                present |= capability;
            else
                limits[capability] = limit;
        }

        Note(Capability.ReadSocketTable, CanReadSockets(), "Neither netlink nor /proc/net can be read here, so it cannot be told who holds a port.");
        Note(Capability.InspectOthers, CanInspectOthers(), "Processes of other users cannot be named without root; their ports are shown with the user only.");
        Note(Capability.Signal, CanSignal(), "This kernel has no pidfd (Linux 5.3 or later does), so nothing can be stopped safely.");
        string? kernelLimit = KernelSource.Limit();
        Note(Capability.SeeKernelEvents, kernelLimit is null, kernelLimit ?? "");
        string? journalLimit = JournalSource.Limit();
        Note(Capability.ReadSystemLog, journalLimit is null, journalLimit ?? "");
        string? notifierLimit = new DesktopNotifier(TimeProvider.System).Limit;
        Note(Capability.NotifyWithButtons, notifierLimit is null, notifierLimit ?? "");
        return new Capabilities(present, limits);
    }

    private static bool CanReadSockets()
    {
        int fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, Libc.NETLINK_SOCK_DIAG);
        if (fd >= 0)
            _ = Libc.close(fd);
        return fd >= 0 || File.Exists("/proc/net/tcp");
    }

    private static bool CanInspectOthers()
    {
        if (Libc.geteuid() == 0)
            return true;
        Span<byte> status = stackalloc byte[4096];
        int length = ProcFile.Read(Environment.ProcessId, "status"u8, status);
        int at = length < 0 ? -1 : status[..length].IndexOf("CapEff:\t"u8);
        return at >= 0 && Utf8Parser.TryParse(status[(at + 8)..length], out ulong capabilities, out _, 'x') && (capabilities & (1ul << CapSysPtrace)) != 0;
    }

    private static bool CanSignal()
    {
        int fd = Libc.PidfdOpen(Environment.ProcessId);
        if (fd >= 0)
            _ = Libc.close(fd);
        return fd >= 0;
    }
}
