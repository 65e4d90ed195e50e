using System.Net;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Control;

/// <summary>What a runtime hook tells: the endpoint that its own process was refused. Who that was is never read from here.</summary>
internal sealed record HookReport
{
    private const int LongestPath = 4096;

    /// <summary><c>tcp</c> (also when absent), <c>udp</c> or <c>unix</c>.</summary>
    public string? Transport { get; init; }

    public string? Address { get; init; }

    public int? Port { get; init; }

    public string? Path { get; init; }

    /// <summary>It serves on another port by now: the same endpoint again.</summary>
    public bool MovedOn { get; init; }

    /// <summary>Null when it names no endpoint, or one that cannot be. An address that is no number is left out: the port is what counts, and the rest is foreign text.</summary>
    public Endpoint? ToEndpoint()
    {
        if (Transport == "unix")
            return Path is { Length: > 0 and <= LongestPath } path && !path.Any(char.IsControl) ? new Endpoint { Transport = Pipeline.Events.Transport.Unix, Path = path } : null;
        if (Transport is not (null or "tcp" or "udp") || Port is not (>= 1 and <= ushort.MaxValue))
            return null;
        return new Endpoint
        {
            Transport = Transport == "udp" ? Pipeline.Events.Transport.Udp : Pipeline.Events.Transport.Tcp,
            Address = Address is not null && IPAddress.TryParse(Address, out _) ? Endpoint.Normalise(Address) : null,
            Port = Port,
        };
    }
}
