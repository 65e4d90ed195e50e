using System.Globalization;
using PortiaWatch.Pipeline.Events;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>What the watcher sees and does, as it happens. Thread-safe: whole stories, never halves of two.</summary>
internal sealed class WatchView(Terminal terminal, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>For people both sides are shown at once, before anybody is asked; as JSON an incident is one line, printed with its outcome.</summary>
    public void Show(Verdict verdict)
    {
        if (terminal.IsJson)
            return;
        DateTimeOffset now = time.GetUtcNow();
        Incident incident = verdict.Incident;
        lock (_lock)
        {
            Line(TimeZoneInfo.ConvertTime(incident.Collision.Last, time.LocalTimeZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture), Headline(incident), new Style(Color.Yellow, decoration: Decoration.Bold));
            Line("refused", Contender(incident, now));
            foreach (string holder in Holders(incident, now))
                Line("held by", holder);
            Line("evidence", PlainText.Clean(incident.Collision.Evidence.Text, 200), new Style(Color.Grey));
            Line("rule", $"\"{PlainText.Clean(verdict.Rule.Title, 80)}\" says {Lower(verdict.Rule.Action)}" + (verdict.IsReduced ? $", but only to {Lower(verdict.Action)}: {verdict.Reason}" : ""));
        }
    }

    public void Show(Outcome outcome)
    {
        lock (_lock)
        {
            if (terminal.IsJson)
            {
                JsonLines.Write(terminal.RawAnswers, json => IncidentJson.Write(json, outcome.Verdict, outcome));
                return;
            }

            Line(Lower(outcome.Kind), outcome.Sentence, new Style(StrikeView.ColorOf(outcome.Kind)));
            if (outcome.NextStep is { } next)
                Line("next", next);
        }
    }

    /// <summary>Repeats that only counted.</summary>
    public void Show(Collision closed)
    {
        if (terminal.IsJson)
            return;
        string story = closed.Evidence.Kind == SightingKind.Soft ? "the refused program serves on another port now"
            : $"{closed.Count - 1} more in {Words.Duration(closed.Last - closed.First)}";
        lock (_lock)
            Line(closed.Evidence.Kind == SightingKind.Soft ? "moved on" : "again", $"{closed.Endpoint}: {story}", new Style(Color.Grey));
    }

    private static string Headline(Incident incident) => incident.Collision.Evidence.Kind switch
    {
        SightingKind.Resolved => $"{incident.Endpoint} was taken; the program moved on",
        SightingKind.Soft => $"{incident.Endpoint} was taken; the program serves on another port",
        _ => $"{incident.Endpoint} is taken{(incident.InferredFrom is { } origin ? $" (port inferred from {origin})" : "")}",
    };

    private static string Contender(Incident incident, DateTimeOffset now) => incident.Contender switch
    {
        null => "not known (nobody vouches for who wrote this)",
        { Facts: { } facts } => Words.Process(facts, now),
        { } gone => $"{Words.Name(gone.Name)} (pid {gone.Pid}, already gone)",
    };

    private static IEnumerable<string> Holders(Incident incident, DateTimeOffset now) => incident switch
    {
        { Holders.Count: > 0 } => incident.Holders.Select(holder => Words.Holder(holder, now)).Distinct(),
        { Endpoint.IsComplete: false } => ["not known: the message does not name the port"],
        { State: PortState.Free } => ["nobody, now"],
        _ => [incident.Limit ?? "not known"],
    };

    private void Line(string label, string text, Style? style = null)
    {
        HangingText.Write(terminal.Answers, label.PadLeft(12) + "  ", new Style(Color.Grey), text, style);
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value switch
        {
            OutcomeKind.StillHeld => "still held",
            OutcomeKind.TakenAgain => "taken again",
            OutcomeKind.NotPermitted => "not allowed",
            OutcomeKind.TimedOut => "timed out",
            OutcomeKind.TimeWait => "time wait",
            OutcomeKind.DryRun => "dry run",
            _ => value.ToString().ToLowerInvariant(),
        };
}
