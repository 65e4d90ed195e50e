namespace PortiaWatch;

/// <summary>What every verb answers with.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The answer is no: nobody holds it, nothing found.</summary>
    public const int No = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int Usage = 2;

    public const int NotPermitted = 3;

    /// <summary>Refused for safety.</summary>
    public const int Refused = 4;

    /// <summary>Still held or taken again.</summary>
    public const int StillHeld = 5;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
