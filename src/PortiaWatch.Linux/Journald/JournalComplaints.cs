using System.Text;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Journald;

/// <summary>Reads what journalctl says on its standard error, however much that is, and remembers what matters.</summary>
internal sealed class JournalComplaints(SourceReport report)
{
    private const int MaxLineBytes = 4096;
    private const int MaxChars = 200;

    /// <summary>The last thing it said, cleaned; null when it said nothing.</summary>
    public string? Last { get; private set; }

    /// <summary>There is no journal file that we may read.</summary>
    public bool LacksRights { get; private set; }

    /// <summary>The place we asked for is not one.</summary>
    public bool RefusesCursor { get; private set; }

    public async Task ListenAsync(Stream errors, CancellationToken cancellation)
    {
        await foreach (var block in BlockingLines.ReadAsync(errors, new LineBlocks(MaxLineBytes), "portia journal errors", cancellation))
        {
            foreach (var line in Encoding.UTF8.GetString(block.Bytes.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                Hear(line);
        }
    }

    private void Hear(string line)
    {
        Last = PlainText.Clean(line, MaxChars);
        LacksRights |= line.Contains("insufficient permissions", StringComparison.OrdinalIgnoreCase);
        RefusesCursor |= line.Contains("cursor", StringComparison.OrdinalIgnoreCase);
        if (line.Contains("not seeing messages from", StringComparison.OrdinalIgnoreCase))
            report.Set(SourceState.Limited, "it sees your own messages only; for those of all services run: sudo usermod -aG systemd-journal $USER, then log in again");
        else if (line.Contains("No journal files were found", StringComparison.OrdinalIgnoreCase))
            report.Set(SourceState.Limited, "journalctl finds no journal on this system");
    }
}
