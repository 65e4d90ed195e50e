using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>
/// Lines of a stream whose reads block and cannot be cancelled (a pipe, a terminal). A background thread reads and hands over; whoever stops listening leaves at once,
/// and the thread goes when its read returns or the process ends.
/// </summary>
public sealed class BlockingLines
{
    // Enough to keep the reader busy while the consumer works; what is beyond waits in the pipe.
    private const int BlocksAhead = 4;

    // A plain object: System.Threading.Lock has no Wait and Pulse.
    private readonly object _gate = new();
    private readonly Channel<LineBlock> _blocks = Channel.CreateBounded<LineBlock>(BlocksAhead);
    private readonly Stream _stream;
    private readonly LineBlocks _lines;
    private bool _isAbandoned;

    private BlockingLines(Stream stream, LineBlocks lines)
    {
        _stream = stream;
        _lines = lines;
    }

    /// <summary>
    /// Blocks of whole lines up to the end of the stream, each with bytes of its own. A last line without an end comes last. A failed read throws here.
    /// <paramref name="lines"/> belongs to the reading thread until it is through.
    /// </summary>
    public static async IAsyncEnumerable<LineBlock> ReadAsync(
        Stream stream, LineBlocks lines, string threadName, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reading = new BlockingLines(stream, lines);
        new Thread(reading.Read) { IsBackground = true, Name = threadName }.Start();
        try
        {
            await foreach (var block in reading._blocks.Reader.ReadAllAsync(cancellation))
            {
                reading.Wake(isAbandoned: false);
                yield return block;
            }
        }
        finally
        {
            reading.Wake(isAbandoned: true);
        }
    }

    private void Read()
    {
        try
        {
            while (true)
            {
                var count = _stream.Read(_lines.Free.Span);
                _lines.Added(count);
                while (_lines.TryTake(out var block))
                {
                    if (!HandOver(block))
                        return;
                }

                if (count > 0)
                    continue;
                if (_lines.TryTakeRest(out var rest))
                    HandOver(rest);
                _blocks.Writer.Complete();
                return;
            }
        }
#pragma warning disable CA1031 // Whatever ends the thread is thrown at the consumer; unhandled here it would end the process.
        catch (Exception exception)
        {
            _blocks.Writer.Complete(exception);
        }
#pragma warning restore CA1031
        finally
        {
            _lines.Rest();
        }
    }

    private bool HandOver(LineBlock block)
    {
        var owned = block with { Bytes = block.ToArray() };
        lock (_gate)
        {
            while (!_isAbandoned)
            {
                if (_blocks.Writer.TryWrite(owned))
                    return true;
                Monitor.Wait(_gate);
            }

            return false;
        }
    }

    private void Wake(bool isAbandoned)
    {
        lock (_gate)
        {
            _isAbandoned |= isAbandoned;
            Monitor.Pulse(_gate);
        }
    }
}
