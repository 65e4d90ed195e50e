using System.Diagnostics.CodeAnalysis;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>
/// Looks a few times, ever more rarely, whether whoever started a stopped holder starts it again, and tells of it as a further outcome. Service managers wait up to ten seconds
/// before they do; nobody waits for that with the first outcome. Disposing ends every watch at once.
/// </summary>
public sealed class RespawnWatch(ISocketTable sockets, IProcessTable processes, TimeProvider time, Func<Outcome, ValueTask> report) : IAsyncDisposable
{
    /// <summary>More at once would be a port in a loop, which the strike's budget ends.</summary>
    private const int MostAtOnce = 16;

    /// <summary>After the strike: shell loops at once, pm2 within a second, launchd and systemd after up to ten.</summary>
    private static readonly TimeSpan[] Looks = [.. ((double[])[0.3, 0.7, 1.5, 3, 5, 8, 12]).Select(TimeSpan.FromSeconds)];

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _watches = [];

    /// <summary>Begins a watch when the outcome is a freed port that somebody may take again. Returns at once.</summary>
    public void Follow(Outcome outcome)
    {
        if (outcome.Kind != OutcomeKind.Freed || outcome.Verdict.Incident.Contender?.ForeignNetwork is not null)
            return;
        lock (_lock)
        {
            _watches.RemoveWhere(watch => watch.IsCompleted);
            if (_watches.Count < MostAtOnce && !_stop.IsCancellationRequested)
                _watches.Add(WatchAsync(outcome));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] open;
        lock (_lock)
            open = [.. _watches];
        await _stop.CancelAsync();
        await Task.WhenAll(open);
        _stop.Dispose();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A look that fails must not end the flow; the first outcome stands.")]
    private async Task WatchAsync(Outcome outcome)
    {
        long freed = time.GetTimestamp();
        try
        {
            foreach (TimeSpan look in Looks)
            {
                TimeSpan left = look - time.GetElapsedTime(freed);
                if (left > TimeSpan.Zero)
                    await Task.Delay(left, time, _stop.Token);
                if (Takers(outcome.Verdict.Incident.Endpoint) is not { Count: > 0 } takers)
                    continue;

                // Taken by anybody else, the refused program before all, it has served its purpose.
                if (takers.Find(taker => IsSameHand(outcome.Verdict.Incident, taker)) is { } again)
                    await report(TakenAgain(outcome, again, time.GetElapsedTime(freed)));
                return;
            }
        }
        catch (Exception)
        {
            // Stopped, or the tables could not be read any more: there is nothing to add to the first outcome.
        }
    }

    private List<ProcessFacts> Takers(Endpoint endpoint)
    {
        var takers = new List<ProcessFacts>();
        foreach (SocketOwner owner in sockets.Blocking(endpoint).Owners)
        {
            if (owner.Process is { } identity && owner.Use != SocketUse.Connected && processes.Describe(identity.Pid) is { } facts && facts.Identity == identity)
                takers.Add(facts);
        }

        return takers;
    }

    private bool IsSameHand(Incident incident, ProcessFacts taker) =>
        taker.Identity.Pid != incident.Contender?.Pid && incident.Holders.Select(holder => holder.Process).OfType<ProcessFacts>().Any(before => IsSameHand(before, taker));

    private bool IsSameHand(ProcessFacts before, ProcessFacts taker)
    {
        if (before.Identity.Pid == taker.Identity.Pid && before.Identity.Generation == taker.Identity.Generation)
            return false;
        if (before.Supervisor is { } supervisor && taker.Supervisor is { } now)
            return (supervisor.Kind, supervisor.Name) == (now.Kind, now.Name);
        if (before.Parents.Count == 0 || taker.Parents.Count == 0 || before.Parents[0].Pid != taker.Parents[0].Pid || taker.Parents[0].Pid <= LastLook.LastSystemPid)
            return false;

        // At a shell's prompt it was a person who started it again.
        return processes.Describe(taker.Parents[0].Pid) is { } parent && !(SystemPrograms.IsShell(parent) && parent.Command is { Count: <= 1 });
    }

    private Outcome TakenAgain(Outcome freed, ProcessFacts taker, TimeSpan after) => freed with
    {
        Kind = OutcomeKind.TakenAgain,
        Sentence = $"{Words.Subject(freed.Verdict.Incident.Endpoint)} was taken again {Words.Duration(after)} after it was freed, by {Words.TitleWithOrigin(taker)}.",
        NextStep = Words.AgainstTaker(taker, freed.Verdict.Incident.Endpoint),
        At = time.GetUtcNow(),
    };
}
