using System.Runtime.InteropServices;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>One process that is to go, pinned.</summary>
/// <param name="Facts">As read inside this strike.</param>
/// <param name="Owner">The descriptor on the blocking socket for whose sake it goes: its own, or that of the process whose tree it goes along with.</param>
/// <param name="GoesAlong">It does not hold the endpoint itself.</param>
/// <param name="Handle">Tied to this very process.</param>
internal sealed record StrikeTarget(ProcessFacts Facts, SocketOwner Owner, bool GoesAlong, SafeHandle Handle);
