using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Running;

/// <summary>What one run of the command told of refused ports. Thread-safe.</summary>
internal sealed class Findings
{
    // A command that is refused more often says nothing new.
    private const int Most = 64;

    private readonly Lock _lock = new();
    private readonly List<Sighting> _failures = [];
    private TaskCompletionSource _news = NewSource();

    /// <summary>Completes when a failure is told of after the last <see cref="Standing"/>.</summary>
    public Task News
    {
        get
        {
            lock (_lock)
                return _news.Task;
        }
    }

    public void Add(Sighting sighting)
    {
        lock (_lock)
        {
            // The program says itself that it got over it.
            if (sighting.Kind != SightingKind.Collision)
                _failures.RemoveAll(failure => sighting.Endpoint.Port is null || failure.Endpoint.Port is not { } port || port == sighting.Endpoint.Port);
            else if (_failures.Count < Most)
                _failures.Add(sighting);
            if (sighting.Kind == SightingKind.Collision)
                _news.TrySetResult();
        }
    }

    /// <summary>
    /// The failure that stands, as one collision; null when there is none. <see cref="News"/> waits for another telling from now on.
    /// </summary>
    /// <param name="isSettled">What has been dealt with already.</param>
    public Collision? Standing(Func<Endpoint, bool> isSettled)
    {
        lock (_lock)
        {
            if (_news.Task.IsCompleted)
                _news = NewSource();

            // Of several ports the first is the one that the command wanted; the others it tried in its place, or they show in the next run.
            List<Sighting> open = _failures.FindAll(failure => !isSettled(failure.Endpoint));
            if ((open.Find(failure => failure.Endpoint.IsComplete) ?? open.FirstOrDefault()) is not { } evidence)
                return null;
            (int? port, string? path) = (evidence.Endpoint.Port, evidence.Endpoint.Path);
            List<Sighting> same = open.FindAll(one => !one.Endpoint.IsComplete || (one.Endpoint.Port == port && one.Endpoint.Path == path));
            return new Collision
            {
                Id = Guid.NewGuid().ToString("n"),
                Evidence = evidence,
                First = same[0].Record.Time,
                Last = same[^1].Record.Time,
                Count = same.Count,
                Sources = [evidence.Record.Source],
            };
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
