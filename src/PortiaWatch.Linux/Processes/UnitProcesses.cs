using System.Globalization;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Processes;

/// <summary>The processes of one systemd unit, from its cgroup.procs.</summary>
internal static class UnitProcesses
{
    private static readonly string[] Hierarchies = ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"];

    /// <summary>True when no process of the unit is older. Also true when the unit cannot be read: what a service holds is rather supervised than orphaned.</summary>
    public static bool IsOldest(ProcessIdentity process, string unitPath)
    {
        foreach (string hierarchy in Hierarchies)
        {
            try
            {
                foreach (string line in File.ReadLines($"{hierarchy}{unitPath}/cgroup.procs"))
                {
                    if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                        && IdentityReader.Read(pid) is { } other && other.Generation < process.Generation)
                        return false;
                }

                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not this hierarchy.
            }
        }

        return true;
    }
}
