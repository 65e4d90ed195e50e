using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Processes;

/// <summary>Who descends from whom, from one sweep over /proc.</summary>
internal static class ProcessTree
{
    /// <summary>Children, grandchildren and so on, nearest first, as they were when the sweep passed them.</summary>
    public static IReadOnlyList<ProcessIdentity> Descendants(ProcessIdentity root)
    {
        var children = new Dictionary<int, List<ProcessIdentity>>();
        Span<byte> buffer = stackalloc byte[IdentityReader.StatBytes];
        foreach (int pid in ProcessList.Pids())
        {
            if (!IdentityReader.TryReadStat(pid, buffer, out StatLine stat))
                continue;
            if (!children.TryGetValue(stat.Parent, out List<ProcessIdentity>? siblings))
                children.Add(stat.Parent, siblings = []);
            siblings.Add(IdentityReader.From(pid, stat));
        }

        var found = new List<ProcessIdentity>();
        var seen = new HashSet<int> { root.Pid };
        var next = new Queue<int>([root.Pid]);
        while (next.TryDequeue(out int parent))
        {
            // A child is never older than its parent; one that seems so is a stranger under a reused pid.
            foreach (ProcessIdentity child in children.GetValueOrDefault(parent) ?? [])
            {
                if (child.Generation >= root.Generation && seen.Add(child.Pid))
                {
                    found.Add(child);
                    next.Enqueue(child.Pid);
                }
            }
        }

        return found;
    }
}
