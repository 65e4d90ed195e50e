namespace PortiaWatch.Pipeline;

/// <summary>One thing that <c>doctor</c> tried on this machine.</summary>
/// <param name="Name">What was tried, in a few words.</param>
/// <param name="State">How it went.</param>
/// <param name="Sentence">One plain sentence.</param>
/// <param name="Mend">The command or the place in the settings that mends it; null when nothing needs mending or nothing can.</param>
public sealed record PlatformCheck(string Name, CheckState State, string Sentence, string? Mend = null);
