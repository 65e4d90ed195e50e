using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>A socket of any kind whose owners are wanted.</summary>
internal sealed record OwnedSocket(Endpoint Endpoint, SocketUse Use, ulong Inode, uint? Uid, ulong? Cgroup)
{
    public static OwnedSocket Of(KernelSocket socket) => new(socket.Endpoint, socket.Use, socket.Inode, socket.Uid, socket.Cgroup);

    public static OwnedSocket Of(UnixSocketEntry entry) => new(
        new Endpoint { Transport = Transport.Unix, Path = entry.Name },
        entry.IsListening ? SocketUse.Listening : SocketUse.Bound,
        entry.Inode,
        entry.Uid,
        null);
}
