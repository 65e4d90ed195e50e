using System.CommandLine;
using PortiaWatch.Daemon;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia demo</c>: a real collision between two small processes, and the whole flow on it.</summary>
internal static class DemoVerb
{
    public static Command Create()
    {
        var command = new Command("demo", "Make a real collision between two small servers and show the whole flow on it.");
        command.SetAction(async (parsed, _) =>
        {
            using var stop = new StopRequest();
            return await new Demo(Composition.Create(parsed), new Terminal(parsed)).RunAsync(stop.Token);
        });
        return command;
    }
}
