namespace PortiaWatch.Pipeline.Striking;

/// <summary>What every strike works with.</summary>
internal sealed record StrikeTools(
    ISocketTable Sockets,
    IProcessTable Processes,
    IStriker Striker,
    Protection Protection,
    StrikeBudget Budget,
    TimeProvider Time,
    Func<IReadOnlyList<string>, TimeSpan, CancellationToken, Task<string?>> RunStopCommand);
