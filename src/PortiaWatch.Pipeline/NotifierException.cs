namespace PortiaWatch.Pipeline;

/// <summary>A notification could not be shown; the message is one plain sentence for the user.</summary>
public sealed class NotifierException : Exception
{
    public NotifierException(string message)
        : base(message)
    {
    }

    public NotifierException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public NotifierException()
    {
    }
}
