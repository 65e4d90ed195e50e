using System.Text.Json;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Rendering;

namespace PortiaWatch.Top;

/// <summary>The whole story of a port or of an incident, as <c>who</c> and <c>history show</c> tell it.</summary>
internal sealed class TopStories(Composition composition, Paint paint, TimeProvider time)
{
    private const int MostRemembered = 300;

    public Overlay Of(PortRow row, Holding holding, StrikeQuestion? question = null)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new Overlay("DETAILS", width => paint.Lines(width, terminal => HoldingView.Show(terminal, row.Endpoint, holding, now))) { Port = row, Question = question };
    }

    public Overlay Of(IncidentRow row)
    {
        HistoryEntry? entry = Remembered(row.Id);
        return new Overlay("INCIDENT", width => paint.Lines(width, terminal =>
        {
            if (entry is not null)
                StoryView.Show(terminal, entry, time);
            else
                ShowLive(terminal, row.Json);
        }));
    }

    /// <summary>The newest incidents of the history; empty when there is none yet.</summary>
    /// <exception cref="HistoryException">It cannot be read.</exception>
    public IReadOnlyList<IncidentRow> Remembered()
    {
        using HistoryReader? reader = HistoryReader.Open(Composition.HistoryFile, composition.Platform.Processes);
        return reader is null ? [] : [.. reader.Find(new HistoryQuery { Limit = MostRemembered, WithStories = false }).Select(IncidentRow.From)];
    }

    private HistoryEntry? Remembered(string id)
    {
        try
        {
            using HistoryReader? reader = HistoryReader.Open(Composition.HistoryFile, composition.Platform.Processes);
            return reader?.Find(id);
        }
        catch (HistoryException)
        {
            // Then what the watcher told is shown.
            return null;
        }
    }

    private void ShowLive(Terminal terminal, string? json)
    {
        if (json is null)
        {
            terminal.Answers.Write(new Spectre.Console.Text("The history does not have it any more.\n"));
            return;
        }

        using JsonDocument document = JsonDocument.Parse(json);
        new IncidentView(terminal, time).Show(document.RootElement);
    }
}
