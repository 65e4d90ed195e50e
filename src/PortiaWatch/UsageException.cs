namespace PortiaWatch;

/// <summary>The user's command line or configuration cannot be used; the message says why in plain words and ends the program with <see cref="ExitCode.Usage"/>.</summary>
internal sealed class UsageException : Exception
{
    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public UsageException()
    {
    }
}
