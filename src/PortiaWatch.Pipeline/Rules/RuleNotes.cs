using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Rules;

/// <summary>What is allowed and probably not meant, or worth knowing before it happens.</summary>
public static class RuleNotes
{
    /// <summary>One plain sentence each; empty when there is nothing to say.</summary>
    public static IReadOnlyList<string> Of(Settings settings)
    {
        var notes = new List<string>();
        for (int i = 0; i < settings.Rules.Count; i++)
        {
            Rule rule = settings.Rules[i];
            if (ReferenceEquals(rule, Rule.Last))
                continue;
            if (settings.Rules.Take(i).FirstOrDefault(earlier => Covers(earlier, rule)) is { } first)
                notes.Add($"{Title(rule)} is never reached: {Title(first)} before it matches everything that this one could.");
            if (rule is { Action: RuleAction.Kill, Trust: Trust.Text })
                notes.Add($"{Title(rule)} kills on the word of text that anybody can write, as \"trust\": \"text\" says; the holder is checked all the same.");
            if (rule is { Action: RuleAction.Kill } && IsEmpty(rule.Holder) && rule.Ports.Sum(r => r.Last - r.First + 1) is 0 or > 1000)
                notes.Add($"{Title(rule)} kills whatever program of yours holds the port; a \"holder\" condition would narrow it down.");
            if (rule is { Holder.Known: true, Action: RuleAction.Kill or RuleAction.Ask })
                notes.Add($"{Title(rule)} wants known squatters, and those are never signalled: it tells you what to do instead.");
        }

        return notes;
    }

    /// <summary>True only where it is plain: no conditions on the holder, or the very same ones, and every port.</summary>
    private static bool Covers(Rule earlier, Rule later)
    {
        if (!IsEmpty(earlier.Holder) && !Same(earlier.Holder, later.Holder))
            return false;
        return earlier.Ports.Count == 0
            || (later.Ports.Count > 0 && later.Ports.All(wanted => earlier.Ports.Any(r => r.First <= wanted.First && r.Last >= wanted.Last)));
    }

    private static bool IsEmpty(HolderCondition? holder) =>
        holder is null or { Process.Count: 0, SameProject: null, OlderThan: null, Orphan: null, Known: null };

    private static bool Same(HolderCondition? a, HolderCondition? b) => a is not null && b is not null
        && a.Process.SequenceEqual(b.Process, StringComparer.Ordinal)
        && a with { Process = b.Process } == b;

    private static string Title(Rule rule) => $"\"{PlainText.Clean(rule.Title, 80)}\"";
}
