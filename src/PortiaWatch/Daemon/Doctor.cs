using PortiaWatch.Control;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;

namespace PortiaWatch.Daemon;

/// <summary>Every check of the platform, then the whole flow on a port of our own.</summary>
internal sealed class Doctor(Composition composition, Terminal terminal)
{
    private static readonly (Capability Capability, string Name)[] Measured =
    [
        (Capability.ReadSocketTable, "socket table"),
        (Capability.Signal, "signals"),
        (Capability.ReadSystemLog, "system log"),
        (Capability.SeeKernelEvents, "kernel events"),
        (Capability.InspectOthers, "other users' processes"),
        (Capability.NotifyWithButtons, "notifications"),
    ];

    /// <summary>Without these nothing is left that a watcher could do.</summary>
    private static readonly string[] Essential = ["socket table", "signals", "configuration"];

    /// <summary>0 when all works, 1 when something is limited, 5 when something essential is broken.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        WatcherPulse watcher = await WatcherPulse.FeelAsync(composition.Platform, stop);
        PlatformCheck[] tried = [.. (await composition.Platform.CheckAsync(stop)).Select(check => WithWatcher(check, watcher))];

        // What the platform has tried live says more than what was measured at the start.
        List<PlatformCheck> checks = [.. FromCapabilities().Where(check => !Array.Exists(tried, one => one.Name == check.Name)), .. tried, .. new OwnChecks(composition, watcher).All()];
        foreach (PlatformCheck check in checks)
            DoctorView.Show(terminal, check);
        PlatformCheck selfTest = await TestSelfAsync(stop);
        DoctorView.Show(terminal, selfTest);
        return selfTest.State == CheckState.Missing || checks.Exists(IsBroken) ? ExitCode.StillHeld
            : checks.Exists(check => check.State != CheckState.Works) ? ExitCode.No
            : ExitCode.Done;
    }

    // A watcher need not be a service: one that somebody started by hand sees as much, as long as it lives.
    // Beside one that only does not answer, another cannot be started, so that is no advice to give.
    private static PlatformCheck WithWatcher(PlatformCheck check, WatcherPulse watcher) => (check, watcher) switch
    {
        ({ Name: not "background watcher" } or { State: CheckState.Works }, _) => check,
        (_, { IsAwake: true }) => new(check.Name, CheckState.Works, $"A watcher runs that was started by hand (pid {watcher.Pid}); it does not come back by itself."),
        (_, { IsThere: true }) => new(check.Name, CheckState.Limited, $"A watcher is there{(watcher.Pid is { } pid ? $" (pid {pid})" : "")}, and does not answer; it is suspended or hangs.", watcher.Mend),
        _ => check,
    };

    private static bool IsBroken(PlatformCheck check) => check.State == CheckState.Missing && Essential.Contains(check.Name);

    private IEnumerable<PlatformCheck> FromCapabilities()
    {
        Capabilities capabilities = composition.Platform.Capabilities;
        foreach ((Capability capability, string name) in Measured)
        {
            if (capabilities.Has(capability))
                yield return new(name, CheckState.Works, "Works.");
            else if (capabilities.Limits.TryGetValue(capability, out string? limit))
                yield return new(name, Essential.Contains(name) ? CheckState.Missing : CheckState.Limited, limit);
        }
    }

    /// <summary>Two servers of our own collide, and one is stopped: lookup, rules, signal, exit and verification in one go.</summary>
    private async Task<PlatformCheck> TestSelfAsync(CancellationToken stop)
    {
        const string Name = "self-test";
        try
        {
            Outcome? outcome = await new Demo(composition, Terminal.Silent).TryAsync(stop);
            return outcome?.Kind == OutcomeKind.Freed
                ? new(Name, CheckState.Works, $"A collision of our own was seen, and its port was freed{(outcome.Took is { } took ? $" in {Words.Duration(took)}" : "")}.")
                : new(Name, CheckState.Missing, outcome?.Sentence ?? "A collision of our own was not seen.", "portia demo");
        }
        catch (Exception error) when (error is UsageException or IOException or InvalidOperationException)
        {
            return new(Name, CheckState.Missing, error.Message, "portia demo");
        }
    }
}
