using System.Text;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// What /proc still shows of a process that may be gone in a moment, the most fleeting first. A few system calls, for all the rest there is time later if it lives on.
/// </summary>
internal sealed record Glimpse
{
    /// <summary>Working directory; null when it was gone already, or is a folder of another mount namespace.</summary>
    public string? Folder { get; init; }

    /// <summary>Looked for only when the process was gone: of one that lives on, it can be found later.</summary>
    public string? Project { get; init; }

    public string? Executable { get; init; }

    /// <summary>As /proc/PID/stat has it, in clock ticks; null when there was nothing of it any more.</summary>
    public ulong? Started { get; init; }

    public string? Name { get; init; }

    /// <summary>Nearest first, up to init.</summary>
    public IReadOnlyList<ParentProcess> Parents { get; init; } = [];

    /// <summary>Looks at a process, and at its ancestors from <paramref name="parent"/> on; null means the parent that /proc tells.</summary>
    public static Glimpse Of(int pid, int? parent)
    {
        string? folder = ProcFile.ReadLinkText(pid, "cwd"u8);
        string? executable = ProcFile.ReadLinkText(pid, "exe"u8);
        if (folder is not null && ProcFile.ReadLinkText(pid, "ns/mnt"u8) is { } mounts && mounts != ProcFile.ReadLinkText(Environment.ProcessId, "ns/mnt"u8))
            folder = null;
        Span<byte> buffer = stackalloc byte[IdentityReader.StatBytes];
        bool isThere = IdentityReader.TryReadStat(pid, buffer, out StatLine stat);
        return new Glimpse
        {
            Folder = folder,
            Project = !isThere && folder is not null ? ProjectFinder.Find(folder, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) : null,
            Executable = executable,
            Started = isThere ? stat.StartTime : null,
            Name = isThere ? Encoding.UTF8.GetString(stat.Name) : null,
            Parents = Ancestors(parent ?? (isThere ? stat.Parent : 0)),
        };
    }

    private static List<ParentProcess> Ancestors(int pid)
    {
        const int Generations = 64;
        List<ParentProcess> ancestors = [];
        Span<byte> buffer = stackalloc byte[IdentityReader.StatBytes];
        while (ancestors.Count < Generations && IdentityReader.TryReadStat(pid, buffer, out StatLine stat))
        {
            ancestors.Add(new ParentProcess(pid, Encoding.UTF8.GetString(stat.Name)));
            pid = stat.Parent;
        }

        return ancestors;
    }
}
