using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>One contested endpoint that a block of lines tells of.</summary>
internal sealed record Finding(SightingKind Kind, Endpoint Endpoint, Evidence Evidence, long Number)
{
    public bool IsComplete => Endpoint.IsComplete && Evidence.IsError;
}
