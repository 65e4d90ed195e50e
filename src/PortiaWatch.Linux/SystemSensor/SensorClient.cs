using System.Net.Sockets;

namespace PortiaWatch.Linux.SystemSensor;

/// <summary>One watcher that the sensor tells of its user's refused programs. Sent to on one thread.</summary>
/// <param name="socket">Owned.</param>
/// <param name="uid">Whose watcher it is; root's is told everything.</param>
internal sealed class SensorClient(Socket socket, uint uid) : IDisposable
{
    private volatile bool _isGreeted;
    private long _dropped;
    private long _told;

    public uint Uid => uid;

    public Socket Socket => socket;

    /// <summary>The first thing that it is told, on any thread; nothing else comes before.</summary>
    public void Greet(string? limit)
    {
        TrySend(SensorProtocol.Note(0, limit));
        _isGreeted = true;
    }

    /// <summary>Never waits: what a slow watcher has no room for is counted, and it is told how many that were.</summary>
    public void Tell(ReadOnlySpan<byte> anEvent)
    {
        if (!_isGreeted || (uid != 0 && SensorProtocol.UidOf(anEvent) != uid))
            return;
        if (TrySend(anEvent) == SocketError.WouldBlock)
            _dropped++;
    }

    /// <param name="droppedBefore">Events that the ring had no room for: they may have been this user's.</param>
    public void TellLosses(long droppedBefore)
    {
        long total = _dropped + droppedBefore;
        if (!_isGreeted || total == _told)
            return;
        if (TrySend(SensorProtocol.Note(total, null)) == SocketError.Success)
            _told = total;
    }

    public void Dispose() => socket.Dispose();

    // It may leave at any moment, on another thread.
    private SocketError TrySend(ReadOnlySpan<byte> packet)
    {
        try
        {
            socket.Send(packet, SocketFlags.None, out SocketError error);
            return error;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.Shutdown;
        }
    }
}
