namespace PortiaWatch.Pipeline.Events;

/// <summary>More than a pid: tells a process from a later one with the same pid, and a program image from the one that exec put in its place.</summary>
/// <param name="Pid">In the pid namespace of this process.</param>
/// <param name="Generation">Never changes while the process lives. Linux: start time in clock ticks since boot; macOS: p_uniqueid.</param>
/// <param name="Image">Changes with every exec. Linux: hash of the executable's device and inode and of the stack's start; macOS: p_idversion. Null where it may not be read.</param>
public sealed record ProcessIdentity(int Pid, ulong Generation, ulong? Image);
