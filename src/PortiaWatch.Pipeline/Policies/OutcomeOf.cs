using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>Makes outcomes of what policies learn.</summary>
internal static class OutcomeOf
{
    public static Outcome What(Verdict verdict, OutcomeKind kind, string sentence, TimeProvider time, string? nextStep = null) =>
        new() { Verdict = verdict, Kind = kind, Sentence = sentence, NextStep = nextStep, At = time.GetUtcNow() };

    public static Outcome Strike(Verdict verdict, StrikeResult result, TimeProvider time) =>
        What(verdict, result.Kind, result.Sentence, time, result.NextStep) with { Took = result.Took };
}
