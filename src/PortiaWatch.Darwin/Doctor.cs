using PortiaWatch.Darwin.Files;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Darwin.LogStream;
using PortiaWatch.Darwin.Notifications;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Darwin.Programs;
using PortiaWatch.Darwin.Signals;
using PortiaWatch.Darwin.Sockets;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin;

/// <summary>Tries what this Mac allows, one thing after the other, for <c>portia doctor</c>.</summary>
internal sealed class Doctor(Surroundings surroundings, Capabilities capabilities, LaunchAgent agent, string stateFolder)
{
    private const int NotAnAdministrator = 77;
    private static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<PlatformCheck>> CheckAsync(CancellationToken cancellation) =>
    [
        Sockets(),
        Owners(),
        Of("other users' processes", Capability.InspectOthers, "Processes of all users can be named.", "sudo portia who PORT", CheckState.Limited),
        Identity(),
        Of("signals", Capability.Signal, "Your own processes may be stopped.", "Run portia outside the sandbox."),
        TokenCall(),
        Exits(),
        await LogStreamAsync(cancellation),
        LogSettings(),
        LogFiles(),
        Notifications(),
        await ServiceAsync(cancellation),
    ];

    private PlatformCheck Of(string name, Capability capability, string works, string mend, CheckState otherwise = CheckState.Missing) => capabilities.Has(capability)
        ? new PlatformCheck(name, CheckState.Works, works)
        : new PlatformCheck(name, otherwise, capabilities.Limits[capability], mend);

    private static PlatformCheck Sockets()
    {
        const string name = "socket table";
        Pcblist tcp = Pcblist.Read(Transport.Tcp, (in PcblistReader row) => row.LocalPort != 0);
        if (tcp.Errno != 0)
            return new PlatformCheck(name, CheckState.Missing, VisibleSockets.Limit, "Run portia outside the sandbox.");
        return tcp.IsComplete
            ? new PlatformCheck(name, CheckState.Works, $"The kernel lists {tcp.Rows.Count} bound tcp sockets of all users.")
            : new PlatformCheck(name, CheckState.Limited, "The kernel's list of sockets changed too fast to be read whole.", "portia doctor");
    }

    // Without descriptors of our own there would be nothing to join the kernel's list with.
    private static PlatformCheck Owners()
    {
        const string name = "socket owners";
        DescriptorScan scan = new();
        int processes = ProcessList.OfUser(libSystem.geteuid()).Length;
        scan.Visit(Environment.ProcessId, (_, _, _, in _) => { });
        return scan.Refused.Count == 0 && processes > 0
            ? new PlatformCheck(name, CheckState.Works, $"The descriptors of your {processes} processes can be read.")
            : new PlatformCheck(name, CheckState.Missing, "macOS does not let this process see who has a socket open.", "Run portia outside the sandbox.");
    }

    private static PlatformCheck Identity() => IdentityReader.Read(Environment.ProcessId) switch
    {
        { Image: not null } => new PlatformCheck("process identity", CheckState.Works, "A process is told from a later one with its pid, and from the program that replaces it."),
        { } => new PlatformCheck("process identity", CheckState.Limited, "Before macOS 11 a program that replaces another by exec is not told apart.", "Update macOS."),
        null => new PlatformCheck("process identity", CheckState.Missing, "macOS does not tell the identity of processes here, so nothing is stopped.", "Run portia outside the sandbox."),
    };

    private PlatformCheck TokenCall() => TokenSignal.Find(surroundings.Library) is not null
        ? new PlatformCheck("signal by identity", CheckState.Works, "The kernel compares the identity with every signal.")
        : new PlatformCheck("signal by identity", CheckState.Limited, "Before macOS 14.2 the identity is compared a few microseconds before the signal.", "Update macOS to 14.2 or later.");

    private static PlatformCheck Exits()
    {
        using ProcessQueue? queue = ProcessQueue.Open(Environment.ProcessId);
        return queue is not null
            ? new PlatformCheck("waiting for exits", CheckState.Works, "The exit of any process can be awaited.")
            : new PlatformCheck("waiting for exits", CheckState.Missing, "macOS refuses a kqueue note on a process.", "Run portia outside the sandbox.");
    }

    private async Task<PlatformCheck> LogStreamAsync(CancellationToken cancellation)
    {
        const string name = "system log";
        string[] oneSecond = [.. LogPredicate.StreamArguments(LogPredicate.Narrow).Select(argument => argument == "1d" ? "1" : argument)];
        return await ShortProgram.RunAsync(surroundings.Log, oneSecond, LogLimit, cancellation) switch
        {
            { IsSuccess: true } => new PlatformCheck(name, CheckState.Works, "log stream answers. It carries what Network.framework programs are refused; dev servers write to their terminal; pipe them into: portia watch --source stdin"),
            { ExitCode: NotAnAdministrator } => new PlatformCheck(name, CheckState.Missing, "log stream is only for administrators of this Mac.", "COMMAND 2>&1 | portia watch --source stdin"),
            { } failed => new PlatformCheck(name, CheckState.Missing, $"log stream ended with code {failed.ExitCode}: {PlainText.Clean(failed.Error, 160)}", $"{surroundings.Log} stream --timeout 1"),
            null => new PlatformCheck(name, CheckState.Missing, $"{surroundings.Log} could not be started."),
        };
    }

    private PlatformCheck LogSettings() => File.Exists(Path.Join(surroundings.Home, ".logrc"))
        ? new PlatformCheck("~/.logrc", CheckState.Limited, "~/.logrc adds options to every log command; a process or user given there would hide others from us.", "Look into ~/.logrc")
        : new PlatformCheck("~/.logrc", CheckState.Works, "Nothing adds options to the log command.");

    private PlatformCheck LogFiles()
    {
        int named = DefaultFiles.Find(surroundings, stateFolder).Count;
        return new PlatformCheck("log files", CheckState.Works, $"{named} paths and patterns of launchd jobs, Homebrew and ~/Library/Logs are known by default.");
    }

    private PlatformCheck Notifications()
    {
        const string name = "questions";
        if (!capabilities.Has(Capability.NotifyWithButtons))
            return new PlatformCheck(name, CheckState.Missing, capabilities.Limits[Capability.NotifyWithButtons], "portia free PORT");
        return MacNotifier.Tool(surroundings, "alerter") is { } alerter
            ? new PlatformCheck(name, CheckState.Works, $"Questions are asked by {alerter}, else as an alert.")
            : new PlatformCheck(name, CheckState.Works, "Questions are asked as an alert by osascript.");
    }

    private async Task<PlatformCheck> ServiceAsync(CancellationToken cancellation)
    {
        AgentReport report = await agent.StatusAsync(cancellation);
        return new PlatformCheck("background watcher", report.State == AgentState.Running ? CheckState.Works : report.IsWell ? CheckState.Limited : CheckState.Missing, report.Sentence, report.NextStep);
    }
}
