using System.Globalization;
using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using Spectre.Console;
using Rule = PortiaWatch.Pipeline.Configuration.Rule;

namespace PortiaWatch.Verbs;

/// <summary><c>portia rules check</c>: is the configuration valid, what does it say, and what in it is probably not meant.</summary>
/// <param name="answers">For people.</param>
/// <param name="raw">For JSON.</param>
/// <param name="messages">For errors; never wrapped, so that editors find the place.</param>
/// <param name="isJson">One object of <c>portia.rules.check/1</c>.</param>
internal sealed class RulesCheck(IAnsiConsole answers, TextWriter raw, TextWriter messages, bool isJson)
{
    /// <summary>0 when it is valid, 2 when it is not.</summary>
    /// <param name="result">What loading gave.</param>
    /// <param name="utf8">The text itself, to show the place of an error; empty where there is none.</param>
    public int Run(ConfigResult result, ReadOnlyMemory<byte> utf8)
    {
        if (isJson)
            WriteJson(result);
        else if (result.IsValid)
            Show(result.Origin, result.Settings);
        else
            ShowErrors(result, Encoding.UTF8.GetString(utf8.Span));
        return result.IsValid ? 0 : 2;
    }

    private void Show(string origin, Settings settings)
    {
        answers.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[green]{PlainText.Clean(origin, 200)} is valid.[/] First match decides:");
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(2, 0, 2, 0) }).AddColumns(4);
        int number = 0;
        foreach (Rule rule in settings.Rules)
            grid.AddRow(Cell($"{++number}"), Cell(rule.Title), Cell(RuleText.Ports(rule)), Cell(RuleText.Holder(rule)), new Text(RuleText.Action(rule), RuleText.StyleOf(rule.Action)));
        answers.Write(grid);
        foreach (string note in RuleNotes.Of(settings))
            answers.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Note:[/] {note}");
    }

    private static Text Cell(string text) => new(PlainText.Clean(text, 120));

    private void ShowErrors(ConfigResult result, string text)
    {
        string[] lines = text.Split('\n');
        foreach (ConfigError error in result.Errors)
        {
            messages.WriteLine(error.ToString());
            if (error.Line >= 1 && error.Line <= lines.Length)
                messages.Write(Excerpt.Of(lines[error.Line - 1], error.Line, error.Column));
        }

        messages.WriteLine(result.Errors.Count == 1 ? "1 error." : $"{result.Errors.Count} errors.");
    }

    private void WriteJson(ConfigResult result)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("schema", "portia.rules.check/1");
            json.WriteString("origin", result.Origin);
            json.WriteBoolean("valid", result.IsValid);
            json.WriteStartArray("rules");
            foreach (Rule rule in result.Settings?.Rules ?? [])
                RuleText.Write(json, rule);
            json.WriteEndArray();
            json.WriteStartArray("notes");
            foreach (string note in result.IsValid ? RuleNotes.Of(result.Settings) : [])
                json.WriteStringValue(note);
            json.WriteEndArray();
            json.WriteStartArray("errors");
            foreach (ConfigError error in result.Errors)
                Write(json, error);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        raw.Write(Encoding.UTF8.GetString(stream.ToArray()) + "\n");
    }

    private static void Write(Utf8JsonWriter json, ConfigError error)
    {
        json.WriteStartObject();
        json.WriteString("path", error.Path);
        if (error.Line > 0)
        {
            json.WriteNumber("line", error.Line);
            json.WriteNumber("column", error.Column);
        }
        else
        {
            json.WriteNull("line");
            json.WriteNull("column");
        }

        json.WriteString("message", error.Message);
        json.WriteEndObject();
    }
}
