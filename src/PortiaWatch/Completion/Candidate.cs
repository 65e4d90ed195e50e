namespace PortiaWatch.Completion;

/// <summary>One word that a shell may offer.</summary>
/// <param name="Word">What is inserted.</param>
/// <param name="About">A few words on it, for shells that show them.</param>
internal sealed record Candidate(string Word, string About);
