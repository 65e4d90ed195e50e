namespace PortiaWatch.Pipeline.Events;

/// <summary>Why the debounce passes a collision on.</summary>
public enum CollisionPhase
{
    /// <summary>The first sighting of a burst: it goes on at once.</summary>
    Opened,

    /// <summary>The same failure seen again with evidence that can do more: vouched for by the system after mere text, or with the port after none.</summary>
    Improved,

    /// <summary>The window is over and repeats were counted, or the program was seen to serve on another port (<see cref="SightingKind.Soft"/>): for the record only, nothing is decided again.</summary>
    Closed,

    /// <summary>The refused program was just seen to serve on another port (<see cref="SightingKind.Soft"/>): what was decided and not yet begun is not done.</summary>
    Graded,
}
