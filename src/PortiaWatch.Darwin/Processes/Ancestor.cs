namespace PortiaWatch.Darwin.Processes;

/// <summary>One process above another. Its command line is read only when somebody asks: it costs a megabyte of address space each time.</summary>
internal sealed class Ancestor(int pid, int parent, string name, Func<IReadOnlyList<string>> readCommand)
{
    private readonly Lazy<IReadOnlyList<string>> _command = new(readCommand);

    public int Pid { get; } = pid;

    public int Parent { get; } = parent;

    public string Name { get; } = name;

    public IReadOnlyList<string> Command => _command.Value;

    /// <summary>launchd itself: adopts orphans and starts jobs.</summary>
    public bool IsLaunchd => Pid == 1;
}
