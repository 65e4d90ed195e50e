namespace PortiaWatch.Pipeline;

/// <summary>What became of one attempt to signal.</summary>
public enum SignalResult
{
    Delivered,

    /// <summary>The process had ended.</summary>
    Gone,

    /// <summary>The pid belongs to another process now, or the process runs another program. Nothing was sent.</summary>
    IdentityChanged,

    /// <summary>The kernel or a security policy refused.</summary>
    NotPermitted,
}
