using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>A descriptor that certainly was on the socket while the process was the one that <paramref name="Process"/> tells.</summary>
internal sealed record SocketDescriptor(ulong Inode, ProcessIdentity Process, int Number);
