using System.Runtime.CompilerServices;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>
/// Standard input, or any stream of text: <c>some-server 2>&amp;1 | portia watch --source stdin</c>. A line is delivered when its end is there, the last one at the end of
/// the stream. Anybody can write it, so it vouches for nobody.
/// </summary>
public sealed class StdinSource(Stream stream, TimeProvider time) : ILogSource
{
    // Kept over a restart: a failed read loses neither the half line before it nor the count.
    private readonly LineBlocks _lines = new();

    public string Name => "stdin";

    public bool CanWait => true;

    public bool EndsForGood => true;

    public async IAsyncEnumerable<LogRecord> ReadAsync(SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        report.Set(SourceState.Running);
        await foreach (var block in BlockingLines.ReadAsync(stream, _lines, "portia stdin", cancellation))
        {
            if (block.IsCut)
                report.CountCut();
            var now = time.GetUtcNow();
            yield return new LogRecord
            {
                Text = block.Bytes,
                Source = Name,
                Trust = Trust.Text,
                Time = now,
                ReadAt = now,
                Number = block.FirstLine,
                FollowsGap = block.FollowsGap,
            };
        }
    }
}
