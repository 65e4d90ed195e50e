using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>Reads tcp and udp sockets of one network namespace, ours or another process's.</summary>
internal sealed class NamespaceReader
{
    private readonly DiagSession? _ours;
    private readonly int _pid;

    public NamespaceReader(DiagSession ours) => _ours = ours;

    private NamespaceReader(int pid) => _pid = pid;

    /// <summary>False where sockets that are bound without listening stay hidden.</summary>
    public bool SeesBoundSockets => _ours is { SeesBoundSockets: true };

    public bool IsOurs => _ours is not null;

    /// <summary>The process ended meanwhile: what was read is no answer.</summary>
    public bool HasLostSight { get; private set; }

    public static NamespaceReader Of(int pid) => new(pid);

    public List<KernelSocket> Read(Transport transport, uint states, int port)
    {
        if (_ours is not null)
            return _ours.Read(transport, states, port);
        var sockets = new List<KernelSocket>();
        bool answered = false;
        _ = NetworkNamespace.TryRun(_pid, () =>
        {
            using SockDiag? diag = SockDiag.TryOpen();
            answered = diag is not null && DiagSession.TryRead(diag, transport, states, port, sockets);
        });
        if (!answered)
        {
            // We may not enter it, but everybody may read its table.
            sockets.Clear();
            HasLostSight |= !ProcNet.TryRead(_pid, transport, states, port, sockets);
        }

        return sockets;
    }
}
