using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Journald;
using PortiaWatch.Linux.Notifications;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Linux;

/// <summary>Tries what this Linux allows, one thing after the other, for <c>portia doctor</c>.</summary>
internal sealed class LinuxDoctor(Platform platform)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<PlatformCheck>> CheckAsync(CancellationToken cancellation) =>
    [
        Sockets(),
        Of("signals", Capability.Signal, "Processes are stopped through pidfds, which stay tied to one process.", "Update the kernel to Linux 5.3 or later.", CheckState.Missing),
        OthersProcesses(),
        Kernel(),
        await JournalAsync(cancellation),
        await new NotificationCheck(platform.Capabilities).RunAsync(cancellation),
        await ServiceAsync(cancellation),
    ];

    private PlatformCheck Of(string name, Capability capability, string works, string? mend, CheckState otherwise = CheckState.Limited) => platform.Capabilities.Has(capability)
        ? new PlatformCheck(name, CheckState.Works, works)
        : new PlatformCheck(name, otherwise, platform.Capabilities.Limits[capability], mend);

    private PlatformCheck Sockets()
    {
        if (!platform.Capabilities.Has(Capability.ReadSocketTable))
            return Of("socket table", Capability.ReadSocketTable, "", "Allow AF_NETLINK, or mount /proc: a sandbox or a container took both away.", CheckState.Missing);
        int count = platform.Sockets.Listeners().DistinctBy(owner => (owner.Socket, owner.Endpoint)).Count();
        return new PlatformCheck("socket table", CheckState.Works, $"The kernel tells of {count} listening {(count == 1 ? "socket" : "sockets")}.");
    }

    private PlatformCheck OthersProcesses()
    {
        const string Name = "other users' processes";
        if (MountOption("/proc", "hidepid") is { } hidden && hidden is not ("0" or "off") && Libc.geteuid() != 0)
            return new PlatformCheck(Name, CheckState.Limited, $"/proc is mounted with hidepid={hidden}: other users' processes do not exist for you, and of their ports only the user is shown.", "sudo portia who PORT");
        return Of(Name, Capability.InspectOthers, "Processes of all users can be named.", "sudo portia who PORT");
    }

    private PlatformCheck Kernel() => Of(
        "kernel events",
        Capability.SeeKernelEvents,
        "Every refused bind is seen as it happens. It costs each system call of each program about 65 ns while the watcher runs.",
        KernelRights.Read() is { IsInFirstUserNamespace: true } rights && rights.Missing() is not null
            ? "sudo portia install --kernel   (costs each system call about 65 ns while a watcher is connected)"
            : null);

    private static async Task<PlatformCheck> JournalAsync(CancellationToken cancellation)
    {
        const string Name = "system log";
        if (JournalSource.Limit() is { } limit)
            return new PlatformCheck(Name, CheckState.Limited, limit, "COMMAND 2>&1 | portia watch --source stdin");

        // Without -q, which would silence the hint about missing rights.
        return JudgeJournal(await ShortRun.RunAsync(ChildProcess.Find("journalctl"), ["-n", "1", "-o", "cat", "--no-pager"], Limit, null, cancellation));
    }

    /// <summary>What the newest entry of the journal says of it.</summary>
    internal static PlatformCheck JudgeJournal(ShortRun? journal)
    {
        const string Name = "system log";
        if (journal is { IsSuccess: true } && !journal.Errors.Contains("not seeing messages", StringComparison.OrdinalIgnoreCase))
        {
            // Where journald runs, its own first line is there at least.
            return string.IsNullOrWhiteSpace(journal.Output)
                ? new PlatformCheck(Name, CheckState.Limited, "There is nothing in the journal: journald does not run here, or keeps nothing.", "COMMAND 2>&1 | portia watch --source stdin")
                : new PlatformCheck(Name, CheckState.Works, "The journal can be read. Programs in a terminal do not write into it.");
        }

        bool isOwnOnly = journal is { IsSuccess: true };
        return new PlatformCheck(
            Name,
            CheckState.Limited,
            isOwnOnly ? "Only your own messages in the journal can be read, not those of services." : "The journal cannot be read with your rights.",
            "sudo usermod -aG systemd-journal $USER   (then log in again)");
    }

    private async Task<PlatformCheck> ServiceAsync(CancellationToken cancellation)
    {
        const string Name = "background watcher";
        if (platform.Service is not { } service)
            return new PlatformCheck(Name, CheckState.Limited, "There is no service here.", "portia watch");
        UserServiceReport report = await service.StatusAsync(cancellation);
        return new PlatformCheck(Name, report is { IsInstalled: true, IsLoaded: true } ? CheckState.Works : CheckState.Limited, report.Sentence, report.NextStep);
    }

    /// <summary>Value of an option of a mount (proc(5), mountinfo); null when it is not set.</summary>
    private static string? MountOption(string point, string option)
    {
        try
        {
            string? mount = File.ReadLines("/proc/self/mountinfo").LastOrDefault(line => line.Split(' ') is { Length: > 6 } fields && fields[4] == point);
            return mount?.Split([' ', ',']).FirstOrDefault(word => word.StartsWith(option + "=", StringComparison.Ordinal))?[(option.Length + 1)..];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
