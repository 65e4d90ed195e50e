using System.Buffers.Text;

namespace PortiaWatch.Linux.Processes;

/// <summary>The uids of a process from /proc/PID/status; the owner of /proc/PID itself lies for processes that may not be dumped.</summary>
internal static class ProcessOwner
{
    /// <summary>Real and effective uid; null when the process is gone.</summary>
    public static (uint? Real, uint? Effective) Of(int pid)
    {
        Span<byte> buffer = stackalloc byte[2048];
        int length = ProcFile.Read(pid, "status"u8, buffer);
        return length > 0 ? Parse(buffer[..length]) : (null, null);
    }

    /// <summary>Reads the line <c>Uid: real effective saved filesystem</c>. A name cannot forge it: newlines in names are escaped in this file.</summary>
    public static (uint? Real, uint? Effective) Parse(ReadOnlySpan<byte> status)
    {
        int at = status.IndexOf("\nUid:"u8);
        if (at < 0)
            return (null, null);
        ReadOnlySpan<byte> rest = status[(at + 5)..].TrimStart("\t "u8);
        if (!Utf8Parser.TryParse(rest, out uint real, out int used))
            return (null, null);
        rest = rest[used..].TrimStart("\t "u8);
        return (real, Utf8Parser.TryParse(rest, out uint effective, out _) ? effective : null);
    }
}
