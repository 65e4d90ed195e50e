using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Rules;

/// <summary>Decides: the first rule that matches, reduced to what the evidence allows. Pure, so that the same incident can be explained later.</summary>
public static class RuleEngine
{
    /// <param name="incident">With both sides as far as they could be looked up.</param>
    /// <param name="settings">The rules in force.</param>
    /// <param name="now">For the age of the holder.</param>
    public static Verdict Decide(Incident incident, Settings settings, DateTimeOffset now)
    {
        var weighed = new List<string>();
        foreach (Rule rule in settings.Rules)
        {
            if (RuleMatch.Mismatch(rule, incident, now) is { } mismatch)
                weighed.Add($"{Title(rule)}: {mismatch}");
            else
                return Conclude(rule, incident, settings, weighed);
        }

        return Conclude(Rule.Last, incident, settings, weighed);
    }

    private static Verdict Conclude(Rule rule, Incident incident, Settings settings, List<string> weighed)
    {
        (RuleAction Action, string Reason)? reduced = ActionGate.Reduce(rule, incident, settings);
        return new Verdict
        {
            Incident = incident,
            Rule = rule,
            Action = reduced?.Action ?? rule.Action,
            Reason = Sentence(reduced?.Reason ?? $"{Title(rule)} is the first rule that matches"),
            Weighed = weighed,
        };
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..].TrimEnd('.') + ".";

    private static string Title(Rule rule) => $"\"{PlainText.Clean(rule.Title, 80)}\"";
}
