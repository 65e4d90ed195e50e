namespace PortiaWatch.Pipeline.History;

/// <summary>The history cannot be used; the message says why in one plain sentence.</summary>
public sealed class HistoryException : Exception
{
    public HistoryException(string message)
        : base(message)
    {
    }

    public HistoryException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public HistoryException()
    {
    }
}
