using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>A socket that has just begun to listen: where its holder will be found later, without a search.</summary>
/// <param name="Pid">As we number it.</param>
/// <param name="Descriptor">The one that listen was called with; the process may have more, and may pass it on.</param>
/// <param name="Inode">What /proc/PID/fd/N links to as <c>socket:[…]</c>.</param>
/// <param name="Endpoint">Where it listens; a unix socket's path is not known.</param>
internal sealed record ListeningSocket(int Pid, int Descriptor, ulong Inode, Endpoint Endpoint);
