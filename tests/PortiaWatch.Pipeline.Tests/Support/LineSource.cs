using System.Runtime.CompilerServices;
using System.Text;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Pipeline.Tests.Support;

/// <summary>A source of given lines that then ends for good, or stays open until it is cancelled.</summary>
internal sealed class LineSource(IReadOnlyList<string> lines, bool staysOpen = false, Trust trust = Trust.Text, Sender? sender = null) : ILogSource
{
    private readonly TaskCompletionSource _delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "lines";

    public bool CanWait => true;

    public bool EndsForGood => true;

    /// <summary>Completes when every line was taken.</summary>
    public Task Delivered => _delivered.Task;

    public async IAsyncEnumerable<LogRecord> ReadAsync(SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        report.Set(SourceState.Running);
        long number = 0;
        foreach (string line in lines)
        {
            yield return new LogRecord
            {
                Text = Encoding.UTF8.GetBytes(line + "\n"),
                Source = Name,
                Trust = trust,
                Time = TimeProvider.System.GetUtcNow(),
                ReadAt = TimeProvider.System.GetUtcNow(),
                Number = ++number,
                Sender = sender,
            };
        }

        _delivered.TrySetResult();
        if (staysOpen)
            await Task.Delay(Timeout.Infinite, cancellation);
    }
}
