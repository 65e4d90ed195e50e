using System.Collections.Concurrent;
using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace PortiaWatch.Pipeline.Tests.Support;

/// <summary>A logger that keeps what was said, rendered, as <c>Level: message</c>.</summary>
internal sealed class CollectingLog : ILogEventSink
{
    private readonly ConcurrentQueue<string> _lines = new();

    public CollectingLog() => Logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(this).CreateLogger();

    public ILogger Logger { get; }

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Emit(LogEvent logEvent) => _lines.Enqueue($"{logEvent.Level}: {logEvent.RenderMessage(CultureInfo.InvariantCulture).Replace("\"", "", StringComparison.Ordinal)}");
}
