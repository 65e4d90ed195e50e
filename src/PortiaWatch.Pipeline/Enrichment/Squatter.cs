namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>A known port holder as it was met.</summary>
/// <param name="Name">As squatters.json calls it.</param>
/// <param name="Advice">One plain sentence or two, everything filled in.</param>
/// <param name="ComesBack">Somebody starts it again when it ends.</param>
/// <param name="StopCommand">Its own stop command as an argv; empty where there is none.</param>
public sealed record Squatter(string Name, string Advice, bool ComesBack, IReadOnlyList<string> StopCommand);
