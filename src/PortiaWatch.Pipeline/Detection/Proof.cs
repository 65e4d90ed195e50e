namespace PortiaWatch.Pipeline.Detection;

/// <summary>Evidence with the line it stands in.</summary>
internal sealed record Proof(Line Line, Evidence Evidence);
