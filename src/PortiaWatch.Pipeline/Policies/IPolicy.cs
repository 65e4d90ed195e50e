using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>One action of the rules. A new one is one class and one line where the pipeline is put together.</summary>
public interface IPolicy
{
    RuleAction Action { get; }

    /// <summary>Carries the verdict out. Failure is an outcome; an exception is a defect, and the dispatcher turns it into an outcome too.</summary>
    Task<Outcome> ApplyAsync(Verdict verdict, CancellationToken cancellation);
}
