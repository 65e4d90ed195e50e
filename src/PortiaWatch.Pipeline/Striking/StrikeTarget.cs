using System.Runtime.InteropServices;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>One process that is to go, pinned.</summary>
/// <param name="Facts">As read inside this strike.</param>
/// <param name="Owner">Its descriptor on the blocking socket; null for a process that only goes along with its tree.</param>
/// <param name="Handle">Tied to this very process.</param>
internal sealed record StrikeTarget(ProcessFacts Facts, SocketOwner? Owner, SafeHandle Handle);
