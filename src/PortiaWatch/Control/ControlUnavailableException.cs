namespace PortiaWatch.Control;

/// <summary>There can be no control socket here; the message is the reason, as the end of a sentence.</summary>
internal sealed class ControlUnavailableException : Exception
{
    public ControlUnavailableException(string message)
        : base(message)
    {
    }

    public ControlUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ControlUnavailableException()
    {
    }
}
