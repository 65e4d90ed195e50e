using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Rendering;
using PortiaWatch.Verbs;

namespace PortiaWatch.Web;

/// <summary>The rules as they stand in the file now, and which of them would decide.</summary>
internal sealed class RuleDesk(Composition composition)
{
    /// <summary><c>portia.ui.rules/1</c></summary>
    public Task ListAsync(HttpContext context)
    {
        IReadOnlyList<ConfigError> errors = Refresh();
        return Reply.JsonAsync(context.Response, json => CleanJson.Copy(json, raw =>
        {
            raw.WriteStartObject();
            raw.WriteString("schema", "portia.ui.rules/1");
            raw.WriteString("origin", composition.Origin);
            raw.WriteString("file", composition.ConfigurationFile);
            raw.WriteStartArray("rules");
            foreach (Rule rule in composition.Settings.Rules)
                RuleText.Write(raw, rule);
            raw.WriteEndArray();
            raw.WriteStartArray("errors");
            foreach (ConfigError error in errors)
                raw.WriteStringValue(error.ToString());
            raw.WriteEndArray();
            raw.WriteEndObject();
        }));
    }

    /// <summary><c>portia.rules.explain/1</c> for a recorded incident; null where the recording is of a form that cannot be read back.</summary>
    public void WriteExplanation(Utf8JsonWriter json, string story)
    {
        Refresh();
        if (RecordedIncidents.Read(story, out _) is not { } recorded)
        {
            json.WriteNullValue();
            return;
        }

        using var raw = new StringWriter();
        new RulesExplain(Terminal.Silent.Answers, raw, isJson: true).Run(recorded.Incident, composition.Settings, recorded.At);
        using JsonDocument explanation = JsonDocument.Parse(raw.ToString());
        CleanJson.Copy(json, explanation.RootElement);
    }

    // The page may be open for a day, and the watcher follows the file too.
    private IReadOnlyList<ConfigError> Refresh()
    {
        if (!File.Exists(composition.ConfigurationFile))
            return [];
        ConfigResult result = composition.Reload(composition.ConfigurationFile);
        if (result.Settings is { } settings)
            composition.Use(settings, result.Origin);
        return result.Errors;
    }
}
