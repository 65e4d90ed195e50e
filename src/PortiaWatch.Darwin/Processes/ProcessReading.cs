using System.Runtime.InteropServices;
using System.Text;
using PortiaWatch.Darwin.Interop;

namespace PortiaWatch.Darwin.Processes;

/// <summary>What the kernel keeps of one process: the full record for our own, the short one plus the start time for everybody else's.</summary>
internal sealed record ProcessReading
{
    public required int Pid { get; init; }

    public required int Parent { get; init; }

    public required int Group { get; init; }

    public required string Name { get; init; }

    public required uint RealUid { get; init; }

    public required uint EffectiveUid { get; init; }

    public required uint SavedUid { get; init; }

    /// <summary>Wall clock of the moment of fork; exec does not change it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null when there is no such process, or only a zombie.</summary>
    public static ProcessReading? Of(int pid)
    {
        if (libSystem.proc_pidinfo(pid, libSystem.PROC_PIDTBSDINFO, 0, out proc_bsdinfo full, out int errno))
        {
            string longName = Text(full.pbi_name);
            return new ProcessReading
            {
                Pid = pid,
                Parent = (int)full.pbi_ppid,
                Group = (int)full.pbi_pgid,
                Name = longName.Length > 0 ? longName : Text(full.pbi_comm),
                RealUid = full.pbi_ruid,
                EffectiveUid = full.pbi_uid,
                SavedUid = full.pbi_svuid,
                StartedAt = Time((long)full.pbi_start_tvsec, (int)full.pbi_start_tvusec),
            };
        }

        return errno == libSystem.ESRCH ? null : OfAnybody(pid);
    }

    /// <summary>Only the parent's pid and the name: what a walk up the tree needs.</summary>
    public static (int Parent, int Group, string Name)? Brief(int pid) =>
        libSystem.proc_pidinfo(pid, libSystem.PROC_PIDT_SHORTBSDINFO, 0, out proc_bsdshortinfo info, out _)
            ? ((int)info.pbsi_ppid, (int)info.pbsi_pgid, Text(info.pbsi_comm))
            : null;

    private static ProcessReading? OfAnybody(int pid)
    {
        if (!libSystem.proc_pidinfo(pid, libSystem.PROC_PIDT_SHORTBSDINFO, 0, out proc_bsdshortinfo info, out _))
            return null;
        return new ProcessReading
        {
            Pid = pid,
            Parent = (int)info.pbsi_ppid,
            Group = (int)info.pbsi_pgid,
            Name = Text(info.pbsi_comm),
            RealUid = info.pbsi_ruid,
            EffectiveUid = info.pbsi_uid,
            SavedUid = info.pbsi_svuid,
            StartedAt = StartOfAnybody(pid),
        };
    }

    // kern.proc.pid has no uid check. For a pid that does not exist it succeeds with nothing.
    private static DateTimeOffset? StartOfAnybody(int pid)
    {
        kinfo_proc process = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<kinfo_proc>(ref process));
        int errno = libSystem.sysctl([libSystem.CTL_KERN, libSystem.KERN_PROC, libSystem.KERN_PROC_PID, pid], bytes, out int length);
        return errno == 0 && length == bytes.Length && process.kp_proc_p_pid == pid
            ? Time(process.kp_proc_p_un___p_starttime_tv_sec, process.kp_proc_p_un___p_starttime_tv_usec)
            : null;
    }

    private static DateTimeOffset? Time(long seconds, int microseconds) =>
        seconds is > 0 and < 253402300800 ? DateTimeOffset.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond + (long)microseconds * TimeSpan.TicksPerMicrosecond) : null;

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
