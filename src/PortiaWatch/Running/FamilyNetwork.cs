using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Running;

/// <summary>In which networks the command and what it started run: a refusal in another one says nothing of who holds the port in ours.</summary>
/// <param name="Foreign">By pid the inode of the network namespace, of those that are known to be in another than ours.</param>
/// <param name="Doubt">Why a refusal may have happened in another network all the same, the beginning of a sentence; null when nothing speaks for it.</param>
internal sealed record FamilyNetwork(IReadOnlyDictionary<int, ulong> Foreign, string? Doubt)
{
    /// <summary>The doubt that is none but a lack of knowledge.</summary>
    public const string GoneTooSoon = "Whoever was refused was gone before it could be seen in which network it ran";

    private const string Proc = "/proc";

    /// <summary>To be called as soon as a failure was read, since whoever wrote it is about to end. Where there is no /proc there are no such networks.</summary>
    public static FamilyNetwork Look(Child child, IReadOnlyList<string> command)
    {
        string? doubt = CommandReach.ElsewhereBy(command) is { } program ? Through(program) : null;
        var foreign = new Dictionary<int, ulong>();
        bool seesTheRefused = !CommandReach.IsOpaque(command);
        if (NetworkOf(Environment.ProcessId) is { } ours)
        {
            foreach (int pid in Family(child))
            {
                string[] words = WordsOf(pid);
                if (words.Length == 0)
                    continue;
                if (NetworkOf(pid) is not { } theirs)
                    doubt ??= $"It cannot be seen in which network {PlainText.Clean(Path.GetFileName(words[0]), 60)} (pid {pid}) runs";
                else if (theirs != ours)
                    foreign[pid] = theirs;
                if (CommandReach.ElsewhereBy(words) is { } inner)
                    doubt ??= Through(inner);
                seesTheRefused |= !CommandReach.IsOpaque(words);
            }
        }

        if (foreign.Count > 0)
            doubt ??= "Part of the command runs in another network";
        if (!seesTheRefused)
            doubt ??= GoneTooSoon;
        return new FamilyNetwork(foreign, doubt);
    }

    /// <summary>The network that the refusal is to be taken to be in; null means ours. Of one that cannot be told, any other network is safer than ours.</summary>
    public ulong? Of(int pid) => Foreign.TryGetValue(pid, out ulong network) ? network : Foreign.Count > 0 ? Foreign.Values.First() : null;

    private static string Through(string program) => $"The command works through {PlainText.Clean(program, 60)}, so it may have been refused in another network";

    // Descendants, and whoever is in its session or group: the parent of some has ended.
    private static HashSet<int> Family(Child child)
    {
        var family = new HashSet<int>();
        var open = new Stack<int>([child.Pid]);
        while (open.TryPop(out int pid))
        {
            if (!family.Add(pid))
                continue;
            foreach (int below in ChildrenOf(pid))
                open.Push(below);
        }

        foreach (string folder in Directory.EnumerateDirectories(Proc))
        {
            if (int.TryParse(Path.GetFileName(folder), out int pid) && child.Owns(pid))
                family.Add(pid);
        }

        return family;
    }

    private static IEnumerable<int> ChildrenOf(int pid)
    {
        try
        {
            return [.. Directory.GetDirectories($"{Proc}/{pid}/task").SelectMany(thread => File.ReadAllText(thread + "/children").Split(' ')).Select(Number).OfType<int>()];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static int? Number(string text) => int.TryParse(text, out int number) ? number : null;

    // Empty of a zombie and of what is gone.
    private static string[] WordsOf(int pid)
    {
        try
        {
            return File.ReadAllText($"{Proc}/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // namespaces(7): the link reads "net:[4026531840]".
    private static ulong? NetworkOf(int pid)
    {
        try
        {
            string? link = new FileInfo($"{Proc}/{pid}/ns/net").LinkTarget;
            return link is not null && link.StartsWith("net:[", StringComparison.Ordinal) && ulong.TryParse(link.AsSpan(5).TrimEnd(']'), out ulong inode) ? inode : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
