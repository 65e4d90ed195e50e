using System.Globalization;
using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using Spectre.Console;
using Rule = PortiaWatch.Pipeline.Configuration.Rule;

namespace PortiaWatch.Verbs;

/// <summary><c>portia rules explain</c>: which rule decides for an incident, why each earlier one did not, and what is done of what it asks for.</summary>
/// <param name="answers">For people.</param>
/// <param name="raw">For JSON.</param>
/// <param name="isJson">One object of <c>portia.rules.explain/1</c> for each incident.</param>
internal sealed class RulesExplain(IAnsiConsole answers, TextWriter raw, bool isJson)
{
    /// <param name="incident">Described or recorded.</param>
    /// <param name="settings">The rules to go by.</param>
    /// <param name="now">When it is decided: the age of the holder depends on it.</param>
    public int Run(Incident incident, Settings settings, DateTimeOffset now)
    {
        Verdict verdict = RuleEngine.Decide(incident, settings, now);
        (Rule Rule, string? Mismatch)[] looked = [.. settings.Rules.Take(verdict.Weighed.Count + 1).Select(r => (r, RuleMatch.Mismatch(r, incident, now)))];
        if (isJson)
            WriteJson(verdict, looked);
        else
            Show(verdict, looked);
        return 0;
    }

    private void Show(Verdict verdict, (Rule Rule, string? Mismatch)[] looked)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(2, 0, 2, 0) }).AddColumns(2);
        int number = 0;
        foreach ((Rule rule, string? mismatch) in looked)
        {
            grid.AddRow(
                new Text($"{++number}"),
                new Text(PlainText.Clean(rule.Title, 80)),
                mismatch is null ? new Text($"matches: {RuleText.Action(rule)}", new Style(Color.Green)) : new Text($"no: {mismatch}", new Style(Color.Grey)));
        }

        answers.Write(grid);
        string done = verdict.IsReduced ? $"{RuleText.Word(verdict.Action)}, not {RuleText.Word(verdict.Rule.Action)}" : RuleText.Word(verdict.Action);
        answers.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]Verdict: {done}.[/] {verdict.Reason}");
    }

    private void WriteJson(Verdict verdict, (Rule Rule, string? Mismatch)[] looked)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("schema", "portia.rules.explain/1");
            json.WritePropertyName("endpoint");
            HolderJson.Write(json, verdict.Incident.Endpoint);
            json.WriteStartArray("rules");
            foreach ((Rule rule, string? mismatch) in looked)
            {
                json.WriteStartObject();
                json.WriteString("name", rule.Title);
                json.WriteString("action", RuleText.Word(rule.Action));
                json.WriteBoolean("matches", mismatch is null);
                json.WriteString("reason", mismatch);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("verdict");
            json.WriteString("action", RuleText.Word(verdict.Action));
            json.WriteString("rule", verdict.Rule.Title);
            json.WriteString("asked", RuleText.Word(verdict.Rule.Action));
            json.WriteBoolean("reduced", verdict.IsReduced);
            json.WriteString("reason", verdict.Reason);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        raw.Write(Encoding.UTF8.GetString(stream.ToArray()) + "\n");
    }
}
