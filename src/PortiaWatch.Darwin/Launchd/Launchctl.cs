using PortiaWatch.Darwin.Programs;

namespace PortiaWatch.Darwin.Launchd;

/// <summary>The launchctl program.</summary>
/// <param name="program">Its path.</param>
internal sealed class Launchctl(string program)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Exit code of <c>bootstrap</c>: the service is loaded already, or its property list is bad.</summary>
    public const int InputOutputError = 5;

    /// <summary>Exit code of <c>bootstrap</c> while an earlier <c>bootout</c> is still under way.</summary>
    public const int OperationInProgress = 37;

    /// <summary>What <c>launchctl print TARGET</c> shows; null when there is no such target, or no launchctl. For callers that cannot await.</summary>
    public string? Print(string target) => ShortProgram.Run(program, ["print", target], Limit) is { IsSuccess: true } result ? result.Output : null;

    public Task<ProgramResult?> PrintAsync(string target, CancellationToken cancellation) => RunAsync(["print", target], cancellation);

    public Task<ProgramResult?> PrintDisabledAsync(string domain, CancellationToken cancellation) => RunAsync(["print-disabled", domain], cancellation);

    public Task<ProgramResult?> BootstrapAsync(string domain, string propertyList, CancellationToken cancellation) => RunAsync(["bootstrap", domain, propertyList], cancellation);

    public Task<ProgramResult?> BootoutAsync(string service, CancellationToken cancellation) => RunAsync(["bootout", service], cancellation);

    public Task<ProgramResult?> EnableAsync(string service, CancellationToken cancellation) => RunAsync(["enable", service], cancellation);

    /// <summary>The session that launchd runs us in: <c>Aqua</c>, <c>Background</c>, <c>System</c>; null when it does not say.</summary>
    public string? ManagerName() => ShortProgram.Run(program, ["managername"], Limit) is { IsSuccess: true } result ? result.Output.Trim() : null;

    private Task<ProgramResult?> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) => ShortProgram.RunAsync(program, arguments, Limit, cancellation);
}
