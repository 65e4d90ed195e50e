using System.CommandLine;
using PortiaWatch.Daemon;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia</c> alone: how things stand, and what to try.</summary>
internal static class BareCommand
{
    public static void AddTo(RootCommand root) => root.SetAction(async (parsed, cancellation) =>
    {
        OverviewView.Show(new Terminal(parsed), await Overview.LookAsync(Composition.Create(parsed), cancellation));
        return ExitCode.Done;
    });
}
