using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>What became of an installation, or what would become of it.</summary>
internal static class ServiceView
{
    public static void Show(Terminal terminal, UserServiceReport report, IReadOnlyList<string> notes)
    {
        if (terminal.IsJson)
        {
            JsonLines.Write(terminal.RawAnswers, json =>
            {
                json.WriteStartObject();
                json.WriteString("schema", "portia.service/1");
                json.WriteBoolean("installed", report.IsInstalled);
                json.WriteBoolean("loaded", report.IsLoaded);
                if (report.Pid is { } pid)
                    json.WriteNumber("pid", pid);
                else
                    json.WriteNull("pid");
                json.WriteString("file", report.File);
                json.WriteString("sentence", report.Sentence);
                json.WriteString("nextStep", report.NextStep);
                json.WriteStartArray("notes");
                foreach (string note in notes)
                    json.WriteStringValue(note);
                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        terminal.Answers.Write(new Text(PlainText.Clean(report.Sentence, 600) + "\n"));
        if (File.Exists(report.File))
            terminal.Answers.Write(new Text($"  {Words.Folder(report.File)}\n", new Style(Color.Grey)));
        foreach (string note in notes)
            terminal.Answers.Write(new Text(PlainText.Clean(note, 600) + "\n"));
        if (report.NextStep is { } next)
            terminal.Answers.Write(new Text($"  {PlainText.Clean(next, 300)}\n"));
    }

    /// <summary>The file as it would be, ready to be piped; where it goes and what is run then on standard error.</summary>
    public static void Show(Terminal terminal, UserServiceDraft draft)
    {
        if (terminal.IsJson)
        {
            JsonLines.Write(terminal.RawAnswers, json =>
            {
                json.WriteStartObject();
                json.WriteString("schema", "portia.serviceDraft/1");
                json.WriteString("file", draft.File);
                json.WriteString("text", draft.Text);
                json.WriteStartArray("commands");
                foreach (string command in draft.Commands)
                    json.WriteStringValue(command);
                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        terminal.Messages.Write(new Text($"Would write {Words.Folder(draft.File)} and run:\n{string.Concat(draft.Commands.Select(command => $"  {command}\n"))}\n"));
        terminal.RawAnswers.Write(draft.Text);
        terminal.RawAnswers.Flush();
    }
}
