using System.Text;

namespace PortiaWatch.Linux.Processes;

/// <summary>/proc/PID/cgroup (cgroups(7)): the paths of all hierarchies, and the one that systemd keeps its units in.</summary>
internal sealed record CgroupMembership(IReadOnlyList<string> Paths, string UnitPath)
{
    public static CgroupMembership None { get; } = new([], "/");

    public static CgroupMembership Of(int pid)
    {
        byte[]? text = ProcFile.ReadAll(pid, "cgroup"u8, 64 * 1024);
        return text is null ? None : Parse(Encoding.UTF8.GetString(text));
    }

    public static CgroupMembership Parse(string text)
    {
        var paths = new List<string>();
        string unitPath = "/";
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // hierarchy:controllers:path, where the path may hold colons.
            string[] parts = line.Split(':', 3);
            if (parts.Length != 3)
                continue;
            paths.Add(parts[2]);

            // Hybrid systems keep units in the named hierarchy as well; either one will do, the empty one says nothing.
            if ((parts[0] == "0" || parts[1] == "name=systemd") && parts[2].Length > 1)
                unitPath = parts[2];
        }

        return new CgroupMembership(paths, unitPath);
    }
}
