namespace PortiaWatch.Pipeline;

/// <summary>How a check went.</summary>
public enum CheckState
{
    Works,

    /// <summary>Works with less than it could.</summary>
    Limited,

    Missing,
}
