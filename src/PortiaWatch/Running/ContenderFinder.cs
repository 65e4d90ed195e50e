using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Running;

/// <summary>
/// Which process of the command was refused. The text does not say, so it is looked for among the command and what runs below it while it is still
/// there: the last link of "npm › sh › node". When they are gone already it is the command, as we started it.
/// </summary>
internal sealed class ContenderFinder(IProcessTable processes)
{
    private static readonly string[] Readers =
    [
        "cat", "tac", "head", "tail", "less", "more", "most", "bat", "batcat",
        "grep", "egrep", "rg", "ag", "journalctl", "dmesg", "multitail", "lnav",
    ];

    private static readonly string[] LogReaders = ["docker", "podman", "nerdctl", "kubectl", "docker-compose", "podman-compose", "heroku", "pm2"];

    /// <summary>The command only shows what others wrote, as <c>tail -f</c> and <c>docker logs</c> do: its words are no failure of its own.</summary>
    public static bool OnlyReads(IReadOnlyList<string> command)
    {
        string program = Path.GetFileName(command[0]);
        return Readers.Contains(program) || (LogReaders.Contains(program) && command.Skip(1).Take(3).Any(word => word is "logs" or "log"));
    }

    /// <summary>Never null: the command itself when nothing better is known.</summary>
    public Sender Find(Child child, IReadOnlyList<string> command)
    {
        ProcessFacts own = processes.Describe(child.Pid) ?? AsStarted(child, command);
        ProcessFacts refused = Below(own.Identity) ?? own;
        return new Sender(refused.Identity.Pid) { Uid = refused.Uid, Name = refused.Name, Executable = refused.Path, Facts = refused };
    }

    // The only chain downwards, and of several branches the one that began last; a helper that the program keeps (esbuild below vite) is still the
    // program's affair.
    private ProcessFacts? Below(ProcessIdentity root)
    {
        List<ProcessFacts> below = [.. processes.Descendants(root).Select(process => processes.Describe(process.Pid)).OfType<ProcessFacts>()];
        return below.FindAll(process => !below.Exists(other => other.Parents.Count > 0 && other.Parents[0].Pid == process.Identity.Pid))
            .MaxBy(process => process.StartedAt);
    }

    private ProcessFacts AsStarted(Child child, IReadOnlyList<string> command)
    {
        string folder = Environment.CurrentDirectory;
        return new ProcessFacts
        {
            Identity = new ProcessIdentity(child.Pid, 0, null),
            Name = Path.GetFileName(command[0]),
            Command = command,
            WorkingDirectory = folder,
            Project = ProjectFinder.Find(folder, Folders.Home),
            Uid = processes.CurrentUser,
            User = processes.UserName(processes.CurrentUser),
            StartedAt = child.StartedAt,
        };
    }
}
