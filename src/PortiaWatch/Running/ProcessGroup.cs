using System.Globalization;
using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>Who is in a process group besides its leader.</summary>
internal static class ProcessGroup
{
    private const string Processes = "/proc";

    /// <summary>True while somebody else lives in the group that <paramref name="leader"/>, not reaped yet, leads.</summary>
    public static bool HasOthers(int leader)
    {
        if (OperatingSystem.IsMacOS())
            return HasOthersOnMac(leader);
        foreach (string folder in Directory.EnumerateDirectories(Processes))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && pid != leader && Libc.getpgid(pid) == leader && Lives(pid))
            {
                return true;
            }
        }

        return false;
    }

    private static unsafe bool HasOthersOnMac(int leader)
    {
        // The leader and one more are enough to know.
        int* members = stackalloc int[2];
        int count = Libc.proc_listpgrppids(leader, members, 2 * sizeof(int));
        return count > 1 || (count == 1 && members[0] != leader);
    }

    // An orphan that has ended is in its group until somebody reaps it, which the first process of a container may never do.
    private static bool Lives(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"{Processes}/{pid}/stat");
            return stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart() is not ['Z' or 'X', ..];
        }
        catch (IOException)
        {
            // Ended between the two looks.
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's (sudo), where /proc shows only one's own (hidepid=1): there it is at least.
            return true;
        }
    }
}
