using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>
/// Reads the socket table of our own namespace through one netlink socket that is opened at the first question and kept, or through /proc/net where netlink is refused.
/// Thread-safe.
/// </summary>
internal sealed class DiagSession : IDisposable
{
    private readonly Lock _lock = new();
    private SockDiag? _diag;
    private bool _isRefused;

    /// <summary>As on a system that refuses netlink: only /proc/net is read.</summary>
    public static DiagSession WithoutNetlink() => new() { _isRefused = true };

    /// <summary>False when the kernel refuses netlink, so that sockets which are bound without listening cannot be seen.</summary>
    public bool SeesBoundSockets => !_isRefused && KernelVersion.ShowsBoundSockets;

    /// <summary>The sockets in <paramref name="states"/> on <paramref name="port"/>; port 0 means every port.</summary>
    public List<KernelSocket> Read(Transport transport, uint states, int port)
    {
        var sockets = new List<KernelSocket>();
        if (!Ask(diag => TryRead(diag, transport, states, port, sockets)))
        {
            sockets.Clear();
            _ = ProcNet.TryRead(null, transport, states, port, sockets);
        }

        return sockets;
    }

    /// <summary>The named unix sockets in <paramref name="states"/>.</summary>
    public List<UnixSocketEntry> ReadUnix(uint states, Predicate<UnixSocketEntry> wanted)
    {
        var entries = new List<UnixSocketEntry>();
        if (!Ask(diag => diag.TryReadUnix(states, wanted, entries)))
        {
            entries.Clear();
            _ = ProcNet.TryReadUnix(null, wanted, entries);
        }

        return entries;
    }

    /// <summary>Reads through a conversation that the caller opened (in another namespace). False when the kernel refused.</summary>
    public static bool TryRead(SockDiag diag, Transport transport, uint states, int port, List<KernelSocket> into)
    {
        if (transport == Transport.Tcp)
            return diag.TryReadTcp(states, port, into);

        // A kernel without IPv6 refuses the second question, and there is nothing to be seen then.
        if (!diag.TryReadUdp(Interop.Libc.AF_INET, states, port, into))
            return false;
        _ = diag.TryReadUdp(Interop.Libc.AF_INET6, states, port, into);
        return true;
    }

    public bool Ask(Func<SockDiag, bool> question)
    {
        lock (_lock)
        {
            // Once more on a new socket: the old one may have lost an answer.
            for (int attempt = 0; attempt < 2 && !_isRefused; attempt++)
            {
                _diag ??= SockDiag.TryOpen();
                if (_diag is not null && question(_diag))
                    return true;
                _isRefused = _diag is null || attempt > 0;
                _diag?.Dispose();
                _diag = null;
            }

            return false;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _diag?.Dispose();
            _diag = null;
        }
    }
}
