using System.CommandLine;
using PortiaWatch.Rendering;
using PortiaWatch.Running;
using PortiaWatch.Top;

namespace PortiaWatch.Verbs;

/// <summary><c>portia top</c>: ports, incidents and the watcher's health, live on the whole terminal.</summary>
internal static class TopVerb
{
    private const string NextStep = "portia list and portia history print the same once.";

    public static Command Create()
    {
        var command = new Command("top", "Watch ports, incidents and the watcher's health live; details, filter, strike by key.");
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        if (parsed.GetValue(GlobalOptions.Json))
            throw new UsageException("portia top is for people. For programs: portia list --json, portia tail --json, portia status --json.");
        using RealTerminal? terminal = Console.IsOutputRedirected ? null : RealTerminal.Open();
        if (terminal is null)
            throw new UsageException($"portia top needs a terminal. {NextStep}");
        if (Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
            throw new UsageException($"This terminal cannot place text (TERM says so). {NextStep}");
        var composition = Composition.Create(parsed);
        bool isPlain = new Terminal(parsed).IsPlain;
        using var session = new TopSession(composition, terminal, isPlain, parsed.GetValue(GlobalOptions.Config), TimeProvider.System);
        return await session.RunAsync();
    }
}
