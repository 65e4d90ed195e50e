using System.Net;
using System.Net.Sockets;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>
/// Answers a question that was just asked in a few microseconds, whatever the size of the machine: the kernel is asked for the one listener instead of for a list, and the
/// remembered descriptors are looked at again. Only while no process has been born since; a second listener of a process that lived already shows when the memory ends.
/// Thread-safe.
/// </summary>
internal sealed class RecentAnswers(DiagSession session, DescriptorMemory memory)
{
    private const int MostAnswers = 64;
    private const int MostSockets = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<Endpoint, Answer> _answers = [];

    /// <summary>The same answer as before if it is certainly still true; else null.</summary>
    public Occupancy? Recall(Endpoint endpoint)
    {
        Answer? answer;
        lock (_lock)
        {
            if (!_answers.TryGetValue(endpoint, out answer))
                return null;
        }

        return Array.TrueForAll(answer.Sockets, socket => memory.IsUnchanged(socket.Inode) && IsListening(socket, answer)) ? answer.Occupancy : null;
    }

    /// <summary>Keeps the answer if it is of the kind that can be checked: a few listeners whose owners are all known.</summary>
    public void Keep(Endpoint endpoint, IReadOnlyList<KernelSocket> sockets, Occupancy occupancy)
    {
        if (sockets.Count > MostSockets || sockets.Any(s => s.Use != SocketUse.Listening || s.Inode == 0) || occupancy.Owners.Any(owner => owner.Process is null))
            return;
        lock (_lock)
        {
            if (_answers.Count >= MostAnswers)
                _answers.Clear();
            _answers[endpoint] = new Answer(occupancy, [.. sockets]);
        }
    }

    // A member of a SO_REUSEPORT group may stand for another.
    private bool IsListening(KernelSocket socket, Answer answer)
    {
        IPAddress address = socket.Address;
        if (address.Equals(IPAddress.IPv6Any))
            address = IPAddress.IPv6Loopback;
        else if (address.AddressFamily == AddressFamily.InterNetwork && address.Equals(IPAddress.Any))
            address = IPAddress.Loopback;
        var found = new List<KernelSocket>(1);
        return session.Ask(diag => diag.TryFindTcpListener(address, socket.Port, found)) && found.Count == 1 && Array.Exists(answer.Sockets, s => s.Inode == found[0].Inode);
    }

    private sealed record Answer(Occupancy Occupancy, KernelSocket[] Sockets);
}
