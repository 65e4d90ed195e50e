namespace PortiaWatch.Pipeline.Events;

/// <summary>What became of the refused program, as far as the evidence says.</summary>
public enum SightingKind
{
    /// <summary>The bind failed.</summary>
    Collision,

    /// <summary>The program says that the port was taken and that it moved on or retries.</summary>
    Resolved,

    /// <summary>Refused, then serving on another port (kernel sightings only).</summary>
    Soft,
}
