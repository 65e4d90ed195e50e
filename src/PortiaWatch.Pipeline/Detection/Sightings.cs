using System.Text;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Makes the sighting of a finding: its own copy of the evidence, bounded and clean, so that no read buffer is kept alive by it.</summary>
internal static class Sightings
{
    private const int MaxTextChars = 4096;
    private const int MaxProgramChars = 64;

    public static Sighting From(Finding finding, LogRecord record, string? program, IReadOnlyList<Line> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            if (line.IsBlank || text.Length >= MaxTextChars)
                continue;
            if (text.Length > 0)
                text.Append(' ');
            text.Append(line.Text);
        }

        var clean = PlainText.Clean(text.ToString(), MaxTextChars);
        return new Sighting
        {
            Record = record with { Text = Encoding.UTF8.GetBytes(clean), Number = finding.Number },
            Kind = finding.Kind,
            Endpoint = finding.Endpoint,
            Pattern = finding.Evidence.Pattern,
            Text = clean,
            Number = finding.Number,
            ClaimedProgram = program is null ? null : PlainText.Clean(program, MaxProgramChars),
            CauseStated = finding.Evidence.IsCauseStated,
        };
    }
}
