using System.Threading.Channels;

namespace PortiaWatch.Control;

/// <summary>The lines that one client has yet to take.</summary>
internal sealed class Viewer
{
    // At about 3 KB an incident; what is full of them for a client that does not read costs less than a megabyte.
    private const int MostWaiting = 256;

    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private long _missed;

    /// <summary>False when the client is too slow; the line is then only counted.</summary>
    public bool Offer(byte[] line)
    {
        if (_lines.Writer.TryWrite(line))
            return true;
        Interlocked.Increment(ref _missed);
        return false;
    }

    /// <summary>Sends until it is cancelled or the client has gone. Where lines are missing it says how many.</summary>
    public async Task SendAsync(ControlConnection connection, CancellationToken cancellation)
    {
        while (await _lines.Reader.WaitToReadAsync(cancellation))
        {
            while (_lines.Reader.TryRead(out byte[]? line))
                await connection.WriteLineAsync(line, cancellation);
            if (Interlocked.Exchange(ref _missed, 0) is > 0 and var missed)
                await connection.WriteAsync(new ControlMissed(ControlMissed.CurrentSchema, missed), ControlJson.Default.ControlMissed, cancellation);
        }
    }
}
