using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.SystemConsole.Themes;

namespace PortiaWatch.Daemon;

/// <summary>The watcher's own log: one plain line a message on standard error.</summary>
internal static class WatchLog
{
    private const string Line = "{Timestamp:HH:mm:ss} {Level:w3} {Message:l}{NewLine}";

    public static Logger Create(bool isVerbose, bool isPlain) => new LoggerConfiguration()
        .MinimumLevel.Is(isVerbose ? LogEventLevel.Debug : LogEventLevel.Information)
        .WriteTo.Console(outputTemplate: Line, standardErrorFromLevel: LogEventLevel.Verbose, theme: isPlain ? ConsoleTheme.None : AnsiConsoleTheme.Literate, formatProvider: System.Globalization.CultureInfo.InvariantCulture)
        .CreateLogger();
}
