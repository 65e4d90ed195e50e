namespace PortiaWatch.Pipeline;

/// <summary>What an installation would do.</summary>
/// <param name="File">The file that would be written.</param>
/// <param name="Text">What would be in it.</param>
/// <param name="Commands">The commands that would be run then, as one would type them.</param>
public sealed record UserServiceDraft(string File, string Text, IReadOnlyList<string> Commands);
