using System.Text.Json;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using Spectre.Console;
using Rule = PortiaWatch.Pipeline.Configuration.Rule;

namespace PortiaWatch.Verbs;

/// <summary>A rule in a line for people, and in JSON.</summary>
internal static class RuleText
{
    public static string Ports(Rule rule)
    {
        string ports = rule.Ports.Count == 0 ? "any port" : string.Join(", ", rule.Ports);
        return rule.Kinds.Count == 0 ? ports : $"{ports} ({string.Join(" or ", rule.Kinds.Select(Word))})";
    }

    public static string Holder(Rule rule)
    {
        if (rule.Holder is not { } holder)
            return "any holder";
        var parts = new List<string>();
        if (holder.Process.Count > 0)
            parts.Add(string.Join(" or ", holder.Process));
        if (holder.SameProject is { } same)
            parts.Add(same ? "same project" : "other project");
        if (holder.OlderThan is { } age)
            parts.Add($"older than {DurationText.Of(age)}");
        if (holder.Orphan is { } orphan)
            parts.Add(orphan ? "orphan" : "no orphan");
        if (holder.Known is { } known)
            parts.Add(known ? "known squatter" : "no known squatter");
        return parts.Count == 0 ? "any holder" : string.Join(", ", parts);
    }

    public static string Action(Rule rule)
    {
        string text = Word(rule.Action);
        if (rule.Action == RuleAction.Exec)
            text = $"{text} {rule.Command[0]}";
        if (rule.Action == RuleAction.Kill && rule.Force == true)
            text = $"{text} by force";
        return rule.Trust != Trust.System ? $"{text} (trust {Word(rule.Trust)})" : text;
    }

    public static Style StyleOf(RuleAction action) => action switch
    {
        RuleAction.Kill => new Style(Color.Red),
        RuleAction.Ask or RuleAction.Exec => new Style(Color.Yellow),
        _ => Style.Plain,
    };

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static void Write(Utf8JsonWriter json, Rule rule)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Title);
        json.WriteStartArray("ports");
        foreach (PortRange range in rule.Ports)
            json.WriteStringValue(range.ToString());
        json.WriteEndArray();
        json.WriteStartArray("kind");
        foreach (SightingKind kind in rule.Kinds)
            json.WriteStringValue(Word(kind));
        json.WriteEndArray();
        json.WriteString("holder", Holder(rule));
        json.WriteString("trust", Word(rule.Trust));
        json.WriteString("action", Word(rule.Action));
        json.WriteEndObject();
    }
}
