namespace PortiaWatch.Daemon;

/// <summary>What the user asked of <c>watch</c>.</summary>
/// <param name="Sources">Names of the sources to read; empty means all that may be read.</param>
/// <param name="IsDryRun">Decide, do nothing, and say what would have been done.</param>
/// <param name="IsLite">Only detect and tell.</param>
/// <param name="IsVerbose">Log debug messages too.</param>
internal sealed record WatchOptions(IReadOnlyList<string> Sources, bool IsDryRun, bool IsLite, bool IsVerbose);
