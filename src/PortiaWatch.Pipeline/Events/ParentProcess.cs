namespace PortiaWatch.Pipeline.Events;

/// <summary>One ancestor: pid and short name.</summary>
public sealed record ParentProcess(int Pid, string Name);
