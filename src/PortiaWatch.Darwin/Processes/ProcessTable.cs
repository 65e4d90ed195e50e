using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Processes;

/// <summary>Processes as libproc and sysctl show them.</summary>
internal sealed class ProcessTable : IProcessTable
{
    // A chain longer than this is a loop that pid reuse made while we walked it.
    private const int Generations = 64;

    private readonly LaunchdJobs _jobs;
    private readonly string? _home;

    /// <param name="jobs">Who runs as a launchd job.</param>
    /// <param name="home">Our user's home, which is never a project.</param>
    public ProcessTable(LaunchdJobs jobs, string? home)
    {
        _jobs = jobs;
        _home = home;
        Self = IdentityReader.Read(Environment.ProcessId) ?? new ProcessIdentity(Environment.ProcessId, 0, null);
        CurrentUser = libSystem.geteuid();
    }

    public ProcessIdentity Self { get; }

    public uint CurrentUser { get; }

    public ProcessIdentity? Identify(int pid) => IdentityReader.Read(pid);

    public string UserName(uint uid) => libSystem.user_from_uid(uid) ?? uid.ToString(CultureInfo.InvariantCulture);

    public string? EnvironmentVariable(int pid, string name) => ArgumentArea.Read(pid)?.Environment(name);

    public ProcessFacts? Describe(int pid)
    {
        // A second look when exec put another program in its place while we read: the facts of two programs must not be mixed.
        for (int attempt = 0; attempt < 2; attempt++)
        {
            if (IdentityReader.Read(pid) is not { } identity || ProcessReading.Of(pid) is not { } reading)
                return null;
            ProcessFacts facts = Describe(identity, reading);
            if (IdentityReader.Read(pid) == identity)
                return facts;
        }

        return null;
    }

    public IReadOnlyList<ProcessIdentity> Descendants(ProcessIdentity process)
    {
        List<ProcessIdentity> found = [];
        HashSet<int> seen = [process.Pid];
        Queue<int> parents = new(seen);
        while (parents.TryDequeue(out int parent))
        {
            foreach (int child in ProcessList.ChildrenOf(parent))
            {
                if (seen.Add(child) && IdentityReader.Read(child) is { } identity)
                {
                    found.Add(identity);
                    parents.Enqueue(child);
                }
            }
        }

        // The pid was given away while we walked: these are somebody else's children.
        return IdentityReader.Read(process.Pid)?.Generation == process.Generation ? found : [];
    }

    private ProcessFacts Describe(ProcessIdentity identity, ProcessReading reading)
    {
        ArgumentArea? area = ArgumentArea.Read(identity.Pid);
        string? path = PathOf(identity.Pid) ?? area?.Path;
        string? folder = FolderOf(identity.Pid);
        List<Ancestor> ancestors = ReadAncestors(reading.Parent);
        Supervision supervision = Supervision.Of(reading, ancestors, _jobs, name => area?.Environment(name));
        return new ProcessFacts
        {
            Identity = identity,
            Name = reading.Name,
            Application = ApplicationName.FromPath(path),
            Path = path,
            Command = area?.Arguments,
            WorkingDirectory = folder,
            Project = folder is null ? null : ProjectFinder.Find(folder, _home),
            Uid = reading.RealUid,
            User = UserName(reading.RealUid),
            StartedAt = reading.StartedAt,
            Parents = [.. ancestors.Select(a => new ParentProcess(a.Pid, a.Name))],
            IsOrphan = supervision.IsOrphan,
            Supervisor = supervision.Supervisor,
        };
    }

    private static string? PathOf(int pid)
    {
        Span<byte> buffer = stackalloc byte[libSystem.PROC_PIDPATHINFO_MAXSIZE];
        int length = libSystem.proc_pidpath(pid, buffer);
        return length > 0 ? Encoding.UTF8.GetString(buffer[..length]) : null;
    }

    private static string? FolderOf(int pid)
    {
        if (!libSystem.proc_pidinfo(pid, libSystem.PROC_PIDVNODEPATHINFO, 0, out proc_vnodepathinfo info, out _))
            return null;
        ReadOnlySpan<byte> path = MemoryMarshal.AsBytes(new ReadOnlySpan<bytes1024>(in info.pvi_cdir_vip_path));
        int end = path.IndexOf((byte)0);
        return end > 0 ? Encoding.UTF8.GetString(path[..end]) : null;
    }

    private static List<Ancestor> ReadAncestors(int parent)
    {
        List<Ancestor> ancestors = [];
        while (parent > 0 && ancestors.Count < Generations && ProcessReading.Brief(parent) is { } brief)
        {
            int pid = parent;
            ancestors.Add(new Ancestor(pid, brief.Parent, brief.Name, () => ArgumentArea.Read(pid)?.Arguments ?? []));
            parent = brief.Parent;
        }

        return ancestors;
    }
}
