using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>
/// Frees endpoints: the only code that asks for signals. Each order walks one path in which every step is a reason to stop; nothing is ever retried, a further attempt starts
/// from a new incident. One strike per endpoint at a time.
/// </summary>
public sealed class StrikeProtocol
{
    private readonly StrikeTools _tools;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _underWay = [];

    /// <param name="sockets">Who holds what.</param>
    /// <param name="processes">Who they are.</param>
    /// <param name="striker">What can stop them.</param>
    /// <param name="time">For the grace time, the budget and the sentences.</param>
    /// <param name="protection">What must not be signalled; by default without a list of known port holders.</param>
    /// <param name="runStopCommand">Runs a supervisor's stop command within a limit; null when it ended well, else the end of a sentence that says what went wrong. By default
    /// the program itself is started, never a shell.</param>
    public StrikeProtocol(
        ISocketTable sockets,
        IProcessTable processes,
        IStriker striker,
        TimeProvider time,
        Protection? protection = null,
        Func<IReadOnlyList<string>, TimeSpan, CancellationToken, Task<string?>>? runStopCommand = null)
    {
        _tools = new StrikeTools(sockets, processes, striker, protection ?? new Protection(processes), new StrikeBudget(time), time, runStopCommand ?? StopCommandRunner.RunAsync);
    }

    /// <summary>Carries the order out and says how it ended. Throws only when it is cancelled before anything was done.</summary>
    public async Task<StrikeResult> RunAsync(StrikeOrder order, CancellationToken cancellation)
    {
        string key = Key(order.Endpoint);
        lock (_lock)
        {
            if (!_underWay.Add(key))
                return new StrikeAnswers(order, _tools.Processes, _tools.Time).Busy();
        }

        try
        {
            using var attempt = new StrikeAttempt(order, key, _tools);
            return await attempt.RunAsync(cancellation);
        }
        finally
        {
            lock (_lock)
                _underWay.Remove(key);
        }
    }

    // 127.0.0.1:3000 and *:3000 are the same work: their holders may be the same processes.
    private static string Key(Endpoint endpoint) => endpoint.Path ?? $"{endpoint.Transport ?? Transport.Tcp}/{endpoint.Port}";
}
