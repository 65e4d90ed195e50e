using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Running;

/// <summary>Finds a port that can be bound right now.</summary>
internal static class NextPort
{
    private const int Tries = 200;
    private const int Last = 65535;

    /// <summary>The nearest one above, on any address; null when there is none, or the endpoint has no port.</summary>
    public static int? After(Endpoint taken, ISocketTable sockets)
    {
        if (taken.Port is not { } port)
            return null;
        for (int candidate = port + 1; candidate <= Math.Min(Last, port + Tries); candidate++)
        {
            if (sockets.CanBind(new Endpoint { Transport = taken.Transport ?? Transport.Tcp, Port = candidate }) == true)
                return candidate;
        }

        return null;
    }
}
