using System.Runtime.CompilerServices;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Pipeline.Tests.Support;

/// <summary>A source whose runs a test writes: run n (from 1) gives what the script makes of n.</summary>
internal sealed class ScriptedSource(Func<int, SourceReport, CancellationToken, IAsyncEnumerable<LogRecord>> script) : ILogSource
{
    private int _runs;

    public string Name { get; init; } = "scripted";

    public bool CanWait { get; init; } = true;

    public bool EndsForGood { get; init; }

    public int Runs => Volatile.Read(ref _runs);

    public async IAsyncEnumerable<LogRecord> ReadAsync(SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var record in script(Interlocked.Increment(ref _runs), report, cancellation))
            yield return record;
    }
}
