using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Rendering;
using PortiaWatch.Verbs;

namespace PortiaWatch.Control;

/// <summary>
/// "Leave" said of an incident from outside the question: the same as if the question had been answered so. An open one is, the same holders are not asked about again for a
/// while, and the history tells that the user chose it.
/// </summary>
/// <param name="composition">Who holds the port now.</param>
/// <param name="history">Where it is written down.</param>
/// <param name="questions">The watcher's; null in a process that asks nobody.</param>
internal sealed class Leaving(Composition composition, IncidentHistory history, QuestionBook? questions)
{
    /// <summary>Longer than any id.</summary>
    public const int LongestId = 64;

    /// <summary>Null when the history knows no such incident.</summary>
    /// <exception cref="HistoryException">It cannot be read.</exception>
    public LeaveAnswer? Leave(string id)
    {
        if (Find(id) is not { } entry)
            return null;
        string sentence = $"You left {Who(entry)} alone.";
        if (questions is not null && SameHolders(entry) is { } holders && questions.Leave(entry.Endpoint, holders))
            return LeaveAnswer.Of(true, sentence);
        return history.Leave(id, sentence)
            ? LeaveAnswer.Of(true, sentence)
            : LeaveAnswer.Of(false, entry.Outcome is { } outcome ? $"Too late: it ended with {HistoryWords.Spaced(outcome)}." : "Too late: something is being done about it.");
    }

    /// <summary>As the history has it now; null when it does not.</summary>
    public HistoryEntry? Find(string id)
    {
        using HistoryReader? reader = id.Length is > 0 and <= LongestId ? HistoryReader.Open(Composition.HistoryFile, composition.Platform.Processes) : null;
        return reader?.Find(id) is { } entry && entry.Id == id ? entry : null;
    }

    // What was said of a process that has ended says nothing of the one that holds the port now.
    private IReadOnlyList<Holder>? SameHolders(HistoryEntry entry)
    {
        if (entry.Endpoint is { Port: null, Path: null })
            return null;
        Holding holding = composition.Lookup.Find(entry.Endpoint, contenderPid: null);
        return holding.Holders.All(holder => holder.Process is { StartedAt: { } started } && started < entry.First)
            && holding.Holders.Select(holder => holder.Process?.Identity.Pid).ToHashSet().SetEquals(entry.Holders.Select(holder => holder.Pid))
            ? holding.Holders
            : null;
    }

    // The very words of a question that was answered at once.
    private static string Who(HistoryEntry entry) =>
        RecordedIncidents.Read(entry.Json, out _) is { } recorded ? HolderWords.Of(recorded.Incident.Holders) : "the holder";
}
