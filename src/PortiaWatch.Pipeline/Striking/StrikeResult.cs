using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>What a strike did, in the words of <see cref="Outcome"/>.</summary>
/// <param name="Kind">Never one of the kinds that only policies give.</param>
/// <param name="Sentence">One plain sentence.</param>
/// <param name="NextStep">What the user can do now; null when there is nothing to do.</param>
/// <param name="Took">From the first signal to the freed port; null when nothing was signalled.</param>
/// <param name="Signalled">The processes that got a signal, in order.</param>
public sealed record StrikeResult(OutcomeKind Kind, string Sentence, string? NextStep, TimeSpan? Took, IReadOnlyList<ProcessIdentity> Signalled);
