using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Debouncing;

/// <summary>What makes two sightings the same failure: the contested endpoint, or, where no port is known, the program that says so.</summary>
internal readonly record struct CollisionKey(string Text)
{
    public static CollisionKey Of(Sighting sighting)
    {
        Endpoint endpoint = sighting.Endpoint;
        if (endpoint.Path is not null)
            return new($"unix {endpoint.Path}");

        // An unstated transport is tcp: the words of a program seldom say, the kernel always does.
        if (endpoint.Port is { } port)
            return new($"{(endpoint.Transport == Transport.Udp ? "udp" : "tcp")} {port}");
        // Somebody of another pid namespace has no number here.
        return sighting.Record.Sender is { Pid: not 0 } sender ? Of(sender) : new($"{sighting.Record.Source} {sighting.Record.Stream}");
    }

    public static CollisionKey Of(Sender sender) => new($"pid {sender.Pid}");
}
