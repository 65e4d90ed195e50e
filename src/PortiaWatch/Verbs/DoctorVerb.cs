using System.CommandLine;
using PortiaWatch.Daemon;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia doctor</c>: what works here, what does not, why, and the command that mends it.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check what works here, live, and say how to mend what does not.");
        command.SetAction(async (parsed, _) =>
        {
            using var stop = new StopRequest();
            return await new Doctor(Composition.Create(parsed), new Terminal(parsed)).RunAsync(stop.Token);
        });
        return command;
    }
}
