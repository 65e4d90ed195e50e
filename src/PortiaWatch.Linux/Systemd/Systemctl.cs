using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Systemd;

/// <summary><c>systemctl</c>: the manager of the user's own services, or the system's.</summary>
/// <param name="program">Path of systemctl; null when it is not installed.</param>
/// <param name="environment">Differs from ours in this (runtime folder, home).</param>
/// <param name="ofSystem">The system's manager, not the user's.</param>
internal sealed class Systemctl(string? program, IReadOnlyDictionary<string, string?>? environment = null, bool ofSystem = false)
{
    // A start waits for READY=1, at most TimeoutStartSec of the unit; everything else takes milliseconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    /// <summary>systemctl in its well-known folder.</summary>
    public static Systemctl Installed => new(ChildProcess.Find("systemctl"));

    /// <summary>The system's own manager.</summary>
    public static Systemctl OfSystem => new(ChildProcess.Find("systemctl"), ofSystem: true);

    public bool IsInstalled => program is not null;

    /// <summary>Null when systemctl is not there.</summary>
    public Task<ShortRun?> RunAsync(CancellationToken cancellation, params string[] arguments) =>
        ShortRun.RunAsync(program, [ofSystem ? "--system" : "--user", "--no-pager", .. arguments], Limit, environment, cancellation);

    /// <summary>The asked properties of a unit; null when no manager answers. A unit that it does not know has a LoadState of <c>not-found</c>.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ShowAsync(string unit, CancellationToken cancellation)
    {
        ShortRun? show = await RunAsync(cancellation, "show", unit, "--property=LoadState,UnitFileState,ActiveState,MainPID,ExecMainStatus,Result,FragmentPath");
        if (show is not { IsSuccess: true })
            return null;
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in show.Output.Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                properties[line[..equals]] = line[(equals + 1)..];
        }

        return properties.ContainsKey("LoadState") ? properties : null;
    }
}
