namespace PortiaWatch.Darwin.Launchd;

/// <summary>How an installation step ended, or how things stand.</summary>
/// <param name="State">As launchd has it now.</param>
/// <param name="Sentence">One plain sentence.</param>
/// <param name="NextStep">What mends it; null when nothing is to be mended.</param>
/// <param name="Pid">Of the running watcher; null when it does not run.</param>
internal sealed record AgentReport(AgentState State, string Sentence, string? NextStep = null, int? Pid = null)
{
    public bool IsWell => State is AgentState.Running or AgentState.Loaded;
}
