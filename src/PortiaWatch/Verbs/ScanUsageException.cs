namespace PortiaWatch.Verbs;

/// <summary>What was asked cannot be scanned; the message is one plain sentence.</summary>
internal sealed class ScanUsageException : Exception
{
    public ScanUsageException(string message)
        : base(message)
    {
    }

    public ScanUsageException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ScanUsageException()
    {
    }
}
