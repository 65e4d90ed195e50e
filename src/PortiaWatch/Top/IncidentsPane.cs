using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Top;

/// <summary>The incidents, newest first, with what was done.</summary>
internal static class IncidentsPane
{
    private const int TimeWidth = 14;

    public static IEnumerable<StyledLine> Draw(TopModel model, int width, int height, TimeProvider time)
    {
        bool isActive = model.Pane == TopPane.Incidents;
        (int port, int name) = width >= 100 ? (18, 20) : width >= 70 ? (12, 16) : (8, 9);
        yield return PaneHeading.Draw(width, isActive, "INCIDENTS", TimeWidth, ("PORT", port, false), ("REFUSED", name, false), ("HELD BY", name, false), ("DONE", 0, false));
        int rows = height - 1;
        model.IncidentCursor.ScrollInto(model.Incidents.Count, rows);
        for (int i = model.IncidentCursor.Top; i < model.IncidentCursor.Top + rows; i++)
        {
            if (i < model.Incidents.Count)
                yield return Row(model.Incidents[i], i == model.IncidentCursor.Index && isActive);
            else
                yield return new StyledLine(width).Add(i == 0 ? "None yet." : "", new Style(Color.Grey));
        }

        StyledLine Row(IncidentRow row, bool isSelected) => new StyledLine(width, isSelected)
            .Add(HistoryWords.When(row.At, time), null, TimeWidth)
            .Add(row.Port, new Style(Color.Yellow), port - 1).Add(" ")
            .Add(row.Refused, null, name - 1).Add(" ")
            .Add(row.HeldBy, new Style(decoration: Decoration.Bold), name - 1).Add(" ")
            .Add(row.Outcome, new Style(row.Color)).Fill();
    }
}
