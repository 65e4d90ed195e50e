namespace PortiaWatch.Pipeline.Sources;

/// <summary>The source cannot work until the user changes something; the message is one plain sentence with the next step.</summary>
public sealed class SourceUnavailableException : Exception
{
    public SourceUnavailableException(string message)
        : base(message)
    {
    }

    public SourceUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public SourceUnavailableException()
    {
    }

    /// <summary>True when nothing but a right is missing: a user who asked for this very source gets "not permitted" (exit code 3).</summary>
    public bool IsPermission { get; init; }
}
