using System.Text;
using PortiaWatch.Linux.Containers;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Systemd;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Processes;

/// <summary>Processes as /proc shows them.</summary>
internal sealed class ProcessTable : IProcessTable
{
    private const int CommandBytes = 64 * 1024;
    private const int EnvironmentBytes = 1024 * 1024;
    private const int Generations = 64;

    private readonly TimeProvider _time;
    private readonly UserNames _users = new();
    private readonly ContainerEngines _engines;
    private readonly SocketUnits _socketUnits = SocketUnits.OfThisUser(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
    private readonly Lazy<string?> _ownContainer;

    /// <param name="time">The clock.</param>
    /// <param name="engines">Where containers are asked for; null for those of this user.</param>
    public ProcessTable(TimeProvider time, ContainerEngines? engines = null)
    {
        _time = time;
        _engines = engines ?? ContainerEngines.OfThisUser(time);
        Self = IdentityReader.Read(Environment.ProcessId) ?? new ProcessIdentity(Environment.ProcessId, 0, null);
        CurrentUser = Libc.geteuid();
        _ownContainer = new(() => CgroupMembership.Of(Environment.ProcessId).Paths.Select(ContainerTag.FromPath).FirstOrDefault(tag => tag is not null)?.Id);
    }

    public ProcessIdentity Self { get; }

    public uint CurrentUser { get; }

    public ProcessIdentity? Identify(int pid) => IdentityReader.Read(pid);

    public string UserName(uint uid) => _users.Name(uid);

    public ProcessFacts? Describe(int pid)
    {
        // A second look when the program was replaced by exec while we read: the facts of two programs must not be mixed.
        for (int attempt = 0; attempt < 2; attempt++)
        {
            if (IdentityReader.Read(pid) is not { } identity || Read(identity) is not { } facts)
                return null;
            if (IdentityReader.Read(pid) == identity)
                return facts;
        }

        return null;
    }

    // One short file for each generation, where a description of ourselves would look for our project, unit and container as well.
    public bool IsAboveUs(int pid)
    {
        Span<byte> buffer = stackalloc byte[IdentityReader.StatBytes];
        if (!IdentityReader.TryReadStat(Self.Pid, buffer, out StatLine stat))
            return true;
        int parent = stat.Parent;
        for (int generation = 0; parent > 0 && generation < Generations; generation++)
        {
            if (parent == pid)
                return true;
            if (!IdentityReader.TryReadStat(parent, buffer, out stat))
                return false;
            parent = stat.Parent;
        }

        return false;
    }

    public ProcessFacts? AtEndpoint(ProcessFacts facts, Endpoint endpoint) => _engines.Explain(facts, endpoint);

    public IReadOnlyList<ProcessIdentity> Descendants(ProcessIdentity process) => ProcessTree.Descendants(process);

    public IReadOnlyList<int> DeclaredPorts(string? unit) => _socketUnits.Ports(unit);

    public string? EnvironmentVariable(int pid, string name)
    {
        byte[]? block = ProcFile.ReadAll(pid, "environ"u8, EnvironmentBytes);
        if (block is null)
            return null;
        byte[] wanted = Encoding.UTF8.GetBytes(name + "=");
        ReadOnlySpan<byte> rest = block;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            ReadOnlySpan<byte> entry = end < 0 ? rest : rest[..end];
            if (entry.StartsWith(wanted))
                return Encoding.UTF8.GetString(entry[wanted.Length..]);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return null;
    }

    private ProcessFacts? Read(ProcessIdentity identity)
    {
        int pid = identity.Pid;
        Span<byte> buffer = stackalloc byte[IdentityReader.StatBytes];
        if (!IdentityReader.TryReadStat(pid, buffer, out StatLine stat) || stat.StartTime != identity.Generation)
            return null;
        (uint? uid, uint? effective) = ProcessOwner.Of(pid);
        IReadOnlyList<string>? command = ReadCommand(pid);
        IReadOnlyList<Ancestor> ancestors = ReadAncestors(stat.Parent);
        CgroupMembership cgroup = CgroupMembership.Of(pid);
        ContainerTag? container = cgroup.Paths.Select(ContainerTag.FromPath).FirstOrDefault(tag => tag is not null);
        if (container?.Id == _ownContainer.Value)
            container = null;
        CgroupUnit? unit = CgroupUnit.FromPath(cgroup.UnitPath);
        string? folder = ProcFile.ReadLinkText(pid, "cwd"u8);
        var reading = new ProcessReading
        {
            Pid = pid,
            Command = command ?? [],
            HasTerminal = stat.Terminal != 0,
            Ancestors = ancestors,
            Unit = unit,
            IsOldestOfUnit = () => UnitProcesses.IsOldest(identity, cgroup.UnitPath),
        };
        return new ProcessFacts
        {
            Identity = identity,
            Name = Encoding.UTF8.GetString(stat.Name),
            Path = ReadExecutable(pid),
            Command = command,
            WorkingDirectory = folder,
            Project = folder is not null && IsSameFolder(pid, folder) ? ProjectFinder.Find(folder, uid is { } owner ? _users.Home(owner) : null) : null,
            Uid = uid,
            User = uid is { } number ? _users.Name(number) : null,
            StartedAt = BootClock.At(identity.Generation, _time),
            Parents = [.. ancestors.Select(a => new ParentProcess(a.Pid, a.Name))],
            IsOrphan = Supervision.IsOrphan(reading),
            Supervisor = Supervision.Find(reading, container, name => EnvironmentVariable(pid, name)),
            Container = container?.Id ?? PortProxy.Name(command ?? []),
        };
    }

    private static string? ReadExecutable(int pid)
    {
        const string Deleted = " (deleted)";
        string? path = ProcFile.ReadLinkText(pid, "exe"u8);
        return path is not null && path.EndsWith(Deleted, StringComparison.Ordinal) ? path[..^Deleted.Length] : path;
    }

    // Null where it may not be read; a kernel thread has an empty one.
    private static string[]? ReadCommand(int pid)
    {
        byte[]? bytes = ProcFile.ReadAll(pid, "cmdline"u8, CommandBytes);
        if (bytes is null)
            return null;

        // Programs that rewrite their title leave a tail of zeros.
        ReadOnlySpan<byte> text = bytes.AsSpan().TrimEnd((byte)0);
        return text.IsEmpty ? [] : Encoding.UTF8.GetString(text).Split('\0');
    }

    private static List<Ancestor> ReadAncestors(int parent)
    {
        var ancestors = new List<Ancestor>();
        Span<byte> buffer = stackalloc byte[IdentityReader.StatBytes];
        while (parent > 0 && ancestors.Count < Generations && IdentityReader.TryReadStat(parent, buffer, out StatLine stat))
        {
            ancestors.Add(new Ancestor(parent, Encoding.UTF8.GetString(stat.Name), ReadCommand(parent) ?? []));
            parent = stat.Parent;
        }

        return ancestors;
    }

    // A process in another mount namespace (a container, a snap) shows a path that means something else here.
    private static bool IsSameFolder(int pid, string folder)
    {
        const uint Wanted = Libc.STATX_INO;
        return ProcFile.TryStat(pid, "cwd"u8, Wanted, out Libc.StatxBuffer theirs)
            && PathStatus.TryRead(folder, out Libc.StatxBuffer ours)
            && theirs.stx_ino == ours.stx_ino && theirs.stx_dev_major == ours.stx_dev_major && theirs.stx_dev_minor == ours.stx_dev_minor;
    }
}
