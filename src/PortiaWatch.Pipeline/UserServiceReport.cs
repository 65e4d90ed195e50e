namespace PortiaWatch.Pipeline;

/// <summary>How the service stands, or how a step of its installation ended.</summary>
/// <param name="IsInstalled">It will be started with the user's session.</param>
/// <param name="IsLoaded">The session's manager has it now.</param>
/// <param name="Pid">Of the running watcher; null when it does not run.</param>
/// <param name="Sentence">One plain sentence.</param>
/// <param name="NextStep">What mends it; null when nothing is to be mended.</param>
/// <param name="File">The file that describes the service, for people.</param>
/// <param name="Notes">What else the user should know, a plain sentence each; null when nothing.</param>
public sealed record UserServiceReport(
    bool IsInstalled, bool IsLoaded, int? Pid, string Sentence, string? NextStep, string File, IReadOnlyList<string>? Notes = null);
