namespace PortiaWatch.Running;

/// <summary>How the command is to be started, at first or again.</summary>
/// <param name="Command">Program and arguments.</param>
/// <param name="Port">Value for PORT in its environment; null leaves it as it is.</param>
internal sealed record Remedy(IReadOnlyList<string> Command, int? Port);
