using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>Where the kernel publishes the numbers of its tracepoints. The folder is 0700: reading it needs root or CAP_DAC_READ_SEARCH.</summary>
internal sealed class Tracefs : IDisposable
{
    public const string Absence = "tracefs, where the kernel publishes its tracepoints, is not mounted: `sudo mount -t tracefs tracefs /sys/kernel/tracing`.";

    private static readonly string[] s_places = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

    private readonly SafeFileHandle? _own;
    private readonly string? _root;

    private Tracefs(string? root, SafeFileHandle? own)
    {
        _root = root;
        _own = own;
    }

    /// <summary>
    /// The mounted one, or where nobody mounted it one of our own that is attached nowhere and goes with its descriptor. Throws
    /// <see cref="SourceUnavailableException"/> when there is neither.
    /// </summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The new object owns it.")]
    public static Tracefs Open()
    {
        if (MountedAt() is { } root)
            return new Tracefs(root, null);
        if (Libc.mount_detached("tracefs"u8) is { } own)
            return new Tracefs(null, own);
        throw KernelRights.Read().Missing() is { } missing ? new SourceUnavailableException(missing) { IsPermission = true } : new SourceUnavailableException(Absence);
    }

    /// <summary>The number that perf_event_open takes for a system call's tracepoint.</summary>
    public ulong IdOf(string tracepoint)
    {
        string path = $"events/syscalls/{tracepoint}/id";
        try
        {
            if (_own is null)
                return Parse(File.ReadAllText($"{_root}/{path}"));
            using SafeFileHandle? file = Libc.open_below(_own, path);
            if (file is null)
                throw new FileNotFoundException(path);
            byte[] digits = new byte[32];
            return Parse(Encoding.ASCII.GetString(digits, 0, RandomAccess.Read(file, digits, 0)));
        }
        catch (UnauthorizedAccessException refusal)
        {
            throw new SourceUnavailableException(KernelRights.Read().Missing() ?? $"A security policy forbids reading {_root}/{path}.", refusal)
            {
                IsPermission = true,
            };
        }
        catch (IOException absence)
        {
            throw new SourceUnavailableException($"This kernel has no tracepoint syscalls/{tracepoint} (CONFIG_FTRACE_SYSCALLS); the other sources go on without it.", absence);
        }
    }

    /// <summary>Null when it is mounted in neither of the usual places. The mount point itself can be seen by everybody, what is in it cannot.</summary>
    public static string? MountedAt()
    {
        try
        {
            string[] mounts = File.ReadAllLines("/proc/self/mounts");
            return s_places.FirstOrDefault(place => mounts.Any(mount => mount.Split(' ') is [_, var where, "tracefs", ..] && where == place));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>True when the mounted one lets us read a tracepoint's number.</summary>
    public static bool IsReadable()
    {
        try
        {
            return MountedAt() is { } root && File.ReadAllText($"{root}/events/syscalls/sys_exit_bind/id").Length > 0;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => _own?.Dispose();

    private static ulong Parse(string digits) => ulong.Parse(digits.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
}
