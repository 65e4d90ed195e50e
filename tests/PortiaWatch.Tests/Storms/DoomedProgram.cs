using PortiaWatch.Daemon;
using PortiaWatch.Rendering;

namespace PortiaWatch.Tests.Storms;

/// <summary>
/// The entry point of the tests' own assembly: <c>portia watch</c>, put together as it always is, that ends itself at a <see cref="Border"/>. The product has no way to do that.
/// </summary>
internal static class DoomedProgram
{
    public const string Word = "watch-up-to";

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [Word, var name, var configuration])
            return ExitCode.Usage;
        var border = new Border(name);
        using var stop = new StopRequest();
        var composition = Composition.Create(configuration, configurationMustBeValid: true, isByHand: false, refit: border.Around);
        var terminal = new Terminal(Console.Out, Console.Error, isJson: true, isPlain: true);
        return await new WatchHost(composition, terminal, new WatchOptions([], IsDryRun: false, IsLite: false, IsVerbose: false)) { Refit = border.Around }.RunAsync(stop.Token);
    }
}
