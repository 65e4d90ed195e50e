namespace PortiaWatch.Control;

/// <summary>One source: its state in lower case, what there is to say about it (the last error while it is restarting), and what it counted.</summary>
internal sealed record SourceStatus(string Name, string State, string? Note, long Records, long Dropped, long Cut, int Restarts);
