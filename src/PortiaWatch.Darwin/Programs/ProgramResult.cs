namespace PortiaWatch.Darwin.Programs;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">128 plus the signal for one that was ended.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public bool IsSuccess => ExitCode == 0;
}
