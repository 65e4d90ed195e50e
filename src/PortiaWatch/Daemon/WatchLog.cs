using System.Globalization;
using PortiaWatch.Pipeline.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.SystemConsole.Themes;

namespace PortiaWatch.Daemon;

/// <summary>The watcher's own log: to the file that the configuration names, else to standard error, in journald's form where journald reads it.</summary>
internal sealed class WatchLog : IDisposable
{
    private const string Line = "{Timestamp:HH:mm:ss} {Level:w3} {Message:l}{NewLine}";
    private const string FileLine = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:w3} {Message:l}{NewLine}{Exception}";
    private const long LargestFileBytes = 10_000_000;
    private const int FilesKept = 7;

    private readonly LoggingLevelSwitch _level = new();
    private readonly bool _isVerbose;
    private readonly Logger _logger;
    private Logger? _console;

    /// <param name="settings">Level and file.</param>
    /// <param name="isVerbose">Everything, whatever the settings say.</param>
    /// <param name="isPlain">No colours.</param>
    /// <param name="isJournal">journald reads our standard error.</param>
    public WatchLog(LogSettings settings, bool isVerbose, bool isPlain, bool isJournal)
    {
        _isVerbose = isVerbose;
        Use(settings);
        string? complaint = null;
        _logger = (settings.File is { } file ? ToFile(file, out complaint) : null) ?? ToStandardError(isPlain, isJournal);
        if (complaint is not null)
            _logger.Warning("{Complaint}", complaint);
    }

    public ILogger Logger => _logger;

    /// <summary>How a line is written to a terminal on which something else stands at the end; by default it is just written.</summary>
    public Action<Action> Beside { get; set; } = write => write();

    /// <summary>Puts another level in force; a file stays the one that was opened at the start.</summary>
    public void Use(LogSettings settings) => _level.MinimumLevel = _isVerbose ? LogEventLevel.Debug : settings.Level;

    public void Dispose()
    {
        _logger.Dispose();
        _console?.Dispose();
    }

    private LoggerConfiguration Begin() => new LoggerConfiguration().MinimumLevel.ControlledBy(_level).Enrich.With<PlainProperties>();

    private Logger ToStandardError(bool isPlain, bool isJournal)
    {
        if (isJournal)
            return Begin().WriteTo.Sink(new JournalLines(Console.Error)).CreateLogger();
        ConsoleTheme theme = isPlain ? ConsoleTheme.None : AnsiConsoleTheme.Literate;
        _console = Begin().WriteTo.Console(outputTemplate: Line, standardErrorFromLevel: LogEventLevel.Verbose, theme: theme, formatProvider: CultureInfo.InvariantCulture).CreateLogger();
        return Begin().WriteTo.Sink(new BesideSink(this, _console)).CreateLogger();
    }

    // The sink itself says nothing when it cannot write, so that is tried before.
    private Logger? ToFile(string named, out string? complaint)
    {
        string file = named.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Folders.Home, named[2..]) : named;
        complaint = null;
        try
        {
            string folder = Path.GetDirectoryName(file) ?? "/";
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".portia-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return Begin().WriteTo.File(
                file,
                outputTemplate: FileLine,
                formatProvider: CultureInfo.InvariantCulture,
                fileSizeLimitBytes: LargestFileBytes,
                rollingInterval: RollingInterval.Day,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: FilesKept).CreateLogger();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            complaint = $"the log cannot be written to {file}, so it goes to standard error: {error.Message}";
            return null;
        }
    }

    private sealed class BesideSink(WatchLog log, Logger console) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => log.Beside(() => console.Write(logEvent));
    }
}
