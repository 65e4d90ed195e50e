using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Top;

/// <summary>The listening ports: a line of headings, then the rows around the selected one.</summary>
internal static class PortsPane
{
    private const int PidWidth = 8;
    private const int AgeWidth = 8;

    public static IEnumerable<StyledLine> Draw(TopModel model, int width, int height, DateTimeOffset now)
    {
        bool isActive = model.Pane == TopPane.Ports;
        (int where, int program) = width >= 100 ? (28, 20) : width >= 70 ? (21, 16) : (16, 12);
        yield return PaneHeading.Draw(width, isActive, "PORTS", where, ("PROGRAM", program, false), ("PID", PidWidth, true), ("UP", AgeWidth, true), ("  PROJECT", 0, false));
        int rows = height - 1;
        model.PortCursor.ScrollInto(model.Ports.Count, rows);
        for (int i = model.PortCursor.Top; i < model.PortCursor.Top + rows; i++)
        {
            if (i < model.Ports.Count)
                yield return Row(model.Ports[i], i == model.PortCursor.Index && isActive);
            else
                yield return new StyledLine(width).Add(i == 0 ? Nothing(model) : "", new Style(Color.Grey));
        }

        StyledLine Row(PortRow row, bool isSelected) => new StyledLine(width, isSelected)
            .Add(row.Where, new Style(Color.Yellow), where - 1).Add(" ")
            .Add(row.Program, new Style(decoration: Decoration.Bold), program - 1).Add(" ")
            .Add(row.Pid, null, PidWidth, isRight: true)
            .Add(row.StartedAt is null ? "" : Words.Age(row.StartedAt, now), null, AgeWidth, isRight: true)
            .Add("  ").AddEnd(row.Folder, new Style(Color.Grey)).Fill();
    }

    private static string Nothing(TopModel model) => model.Filter.Length > 0 || model.Muted > 0 ? "No port is like that." : "Nothing listens here.";
}
