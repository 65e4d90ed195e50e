namespace PortiaWatch.Pipeline.History;

/// <summary>Who held the port. Null means "not known".</summary>
/// <param name="Pid">At that time.</param>
/// <param name="Name">Short name.</param>
/// <param name="Command">The arguments, the program first.</param>
/// <param name="Folder">Working directory.</param>
/// <param name="User">Name of its user.</param>
/// <param name="Project">Root of its project.</param>
/// <param name="Container">The container it ran in.</param>
/// <param name="StopCommand">The stop verb of the supervisor that had started it, as an argv.</param>
public sealed record HistoryHolder(
    int? Pid, string? Name, IReadOnlyList<string>? Command, string? Folder, string? User, string? Project, string? Container = null, IReadOnlyList<string>? StopCommand = null);
