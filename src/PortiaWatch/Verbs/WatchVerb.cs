using System.CommandLine;
using PortiaWatch.Daemon;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia watch</c>: the always-on watcher, in the foreground.</summary>
internal static class WatchVerb
{
    private static readonly Option<string[]> Sources = new("--source")
    {
        Description = "Read only these sources: stdin, file, hook, journal and kernel (Linux), logstream (macOS). Without it: all that the configuration and your rights allow.",
        HelpName = "SOURCE",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Decide as usual, do nothing, and say what would have been done." };
    private static readonly Option<bool> Lite = new("--lite") { Description = "Only detect and tell, as where rights are missing." };

    public static Command Create()
    {
        var command = new Command("watch", "Watch for refused ports, name both sides, and do what the rules say, until Ctrl-C.") { Sources, DryRun, Lite };
        command.SetAction(async (parsed, _) =>
        {
            using var stop = new StopRequest();
            var options = new WatchOptions(parsed.GetValue(Sources) ?? [], parsed.GetValue(DryRun), parsed.GetValue(Lite), parsed.GetValue(GlobalOptions.Verbose));
            return await new WatchHost(Composition.Create(parsed, configurationMustBeValid: true, options.IsLite, isByHand: false), new Terminal(parsed), options).RunAsync(stop.Token);
        });
        return command;
    }
}
