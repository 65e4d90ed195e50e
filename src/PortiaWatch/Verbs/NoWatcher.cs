using PortiaWatch.Control;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary>What the verbs say that need a running watcher and find none.</summary>
internal static class NoWatcher
{
    private const string Sentence = "No watcher of yours runs.";
    private const string NextStep = "Start one with: portia watch";

    public static int Say(Terminal terminal)
    {
        if (terminal.IsJson)
        {
            JsonLines.Write(terminal.RawAnswers, json =>
            {
                json.WriteStartObject();
                json.WriteString("schema", WatchStatus.CurrentSchema);
                json.WriteBoolean("running", false);
                json.WriteString("nextStep", NextStep);
                json.WriteEndObject();
            });
        }
        else
        {
            terminal.Messages.Write(new Spectre.Console.Text($"{Sentence} {NextStep}\n"));
        }

        return ExitCode.No;
    }
}
