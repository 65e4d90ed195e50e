using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>A process that has a socket open, its identity taken on both sides of the look.</summary>
/// <param name="Process">The same before and after the descriptor was seen.</param>
/// <param name="Number">Descriptor, or name of the fileport.</param>
/// <param name="IsFileport">Parked in a Mach port, not in the descriptor table.</param>
internal sealed record OpenSocket(ProcessIdentity Process, int Number, bool IsFileport);
