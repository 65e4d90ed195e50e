namespace PortiaWatch.Pipeline.Events;

/// <summary>What an endpoint is made of.</summary>
public enum Transport
{
    Tcp,
    Udp,
    Unix,
}
