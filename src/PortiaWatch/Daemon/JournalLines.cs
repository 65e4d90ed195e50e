using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace PortiaWatch.Daemon;

/// <summary>Lines for a standard error that journald reads: no clock, it has its own, and before each line the importance as sd-daemon(3) writes it.</summary>
internal sealed class JournalLines(TextWriter output) : ILogEventSink
{
    private readonly Lock _lock = new();
    private readonly MessageTemplateTextFormatter _words = new("{Message:l}\n{Exception}", CultureInfo.InvariantCulture);

    public void Emit(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        _words.Format(logEvent, text);
        char importance = ImportanceOf(logEvent.Level);
        lock (_lock)
        {
            foreach (ReadOnlySpan<char> line in text.ToString().AsSpan().TrimEnd('\n').EnumerateLines())
                output.Write($"<{importance}>{line}\n");
            output.Flush();
        }
    }

    // syslog(3): 2 critical, 3 error, 4 warning, 6 informational, 7 debug.
    private static char ImportanceOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => '2',
        LogEventLevel.Error => '3',
        LogEventLevel.Warning => '4',
        LogEventLevel.Information => '6',
        _ => '7',
    };
}
