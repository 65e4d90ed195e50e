using System.Globalization;
using System.Runtime.CompilerServices;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>What decides whether this process may load programs into the kernel, read from /proc and /sys without trying it.</summary>
internal sealed record KernelRights
{
    private const int CAP_DAC_OVERRIDE = 1;
    private const int CAP_DAC_READ_SEARCH = 2;
    private const int CAP_SYS_ADMIN = 21;
    private const int CAP_PERFMON = 38;
    private const int CAP_BPF = 39;

    /// <summary>Effective capabilities, one bit each.</summary>
    public required ulong Capabilities { get; init; }

    /// <summary>False in a user namespace of our own: its root has all capabilities there, and none that count here.</summary>
    public required bool IsInFirstUserNamespace { get; init; }

    /// <summary>A seccomp filter is in force.</summary>
    public required bool IsFiltered { get; init; }

    /// <summary><c>integrity</c> or <c>confidentiality</c>; null when the kernel is not locked down.</summary>
    public required string? Lockdown { get; init; }

    /// <summary>The numbers of the tracepoints can be read as it is, by a mount option or because we are root.</summary>
    public required bool CanReadTracefs { get; init; }

    /// <summary>Our own executable, for the command that mends it; null when it must not get capabilities of its own.</summary>
    public required string? Executable { get; init; }

    /// <summary>Enough to mount a tracefs of our own where none is mounted.</summary>
    public bool MayMount => Holds(CAP_SYS_ADMIN);

    public static KernelRights Read()
    {
        string? executable = Environment.ProcessPath;
        return new KernelRights
        {
            Capabilities = Field("CapEff:", NumberStyles.HexNumber),
            IsFiltered = Field("Seccomp:", NumberStyles.Integer) == 2,
            IsInFirstUserNamespace = IsIdentity(ReadText("/proc/self/uid_map")),
            Lockdown = ChosenLockdown(ReadText("/sys/kernel/security/lockdown")),
            CanReadTracefs = Tracefs.IsReadable(),

            // Anybody who may run a managed program can make it load a library of his own, and would have its rights.
            Executable = RuntimeFeature.IsDynamicCodeCompiled ? null : executable,
        };

        static ulong Field(string name, NumberStyles style)
        {
            foreach (string line in ReadText("/proc/self/status").Split('\n'))
            {
                if (line.StartsWith(name, StringComparison.Ordinal) && ulong.TryParse(line.AsSpan(name.Length).Trim(), style, CultureInfo.InvariantCulture, out ulong value))
                    return value;
            }

            return 0;
        }
    }

    /// <summary>What is missing, and the commands that mend it, in one sentence; null when all of it is there.</summary>
    public string? Missing()
    {
        if (!IsInFirstUserNamespace)
            return "The kernel source needs rights on the host, and this is a user namespace of its own (a rootless container): run the watcher on the host.";

        // CAP_SYS_ADMIN is what CAP_BPF and CAP_PERFMON were carved out of and still counts as both.
        List<string> missing = [];
        if (!Holds(CAP_BPF) && !Holds(CAP_SYS_ADMIN))
            missing.Add("CAP_BPF");
        if (!Holds(CAP_PERFMON) && !Holds(CAP_SYS_ADMIN))
            missing.Add("CAP_PERFMON");
        if (!Holds(CAP_DAC_READ_SEARCH) && !Holds(CAP_DAC_OVERRIDE) && !CanReadTracefs)
            missing.Add("CAP_DAC_READ_SEARCH");
        if (missing.Count == 0)
            return null;

        string names = missing.Count == 1 ? missing[0] : $"{string.Join(", ", missing.SkipLast(1))} and {missing[^1]}";
        string setcap = Executable is null ? "" : $"`sudo setcap cap_bpf,cap_perfmon,cap_dac_read_search+ep {Executable}`, ";
        return $"The kernel source needs {names}: `sudo portia install --kernel` gives them to a sensor alone, {setcap}AmbientCapabilities=CAP_BPF CAP_PERFMON CAP_DAC_READ_SEARCH in a system unit, or root.";
    }

    internal static string? ChosenLockdown(string text)
    {
        int open = text.IndexOf('[', StringComparison.Ordinal);
        int close = text.IndexOf(']', StringComparison.Ordinal);
        return open >= 0 && close > open && text[(open + 1)..close] is var mode and not "none" ? mode : null;
    }

    /// <summary>The first user namespace maps every number to itself.</summary>
    internal static bool IsIdentity(string map) =>
        map.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["0", "0", "4294967295"] or [];

    private bool Holds(int capability) => ((Capabilities >> capability) & 1) != 0;

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
