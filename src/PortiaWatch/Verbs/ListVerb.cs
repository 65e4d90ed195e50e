using System.CommandLine;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia list</c>: every listening endpoint with its holder.</summary>
internal static class ListVerb
{
    public static Command Create()
    {
        var command = new Command("list", "Show every listening port with its holder.");
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var terminal = new Terminal(parsed);
        var composition = Composition.Create(parsed);

        // What this very process holds while it looks is nobody's port.
        IReadOnlyList<Holder> holders = [.. composition.Lookup.All().Where(holder => holder.Process?.Identity != composition.Platform.Processes.Self)];
        if (terminal.IsJson)
        {
            foreach (IGrouping<Endpoint, Holder> endpoint in holders.GroupBy(holder => holder.Endpoint))
                JsonLines.Write(terminal.RawAnswers, json => HoldingJson.Write(json, endpoint.Key, new Holding(PortState.Held, [.. endpoint], Limit: null)));
        }
        else
        {
            ListView.Show(terminal, holders, TimeProvider.System.GetUtcNow());
        }

        return holders.Count > 0 ? ExitCode.Done : ExitCode.No;
    }
}
