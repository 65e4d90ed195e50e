using PortiaWatch.Pipeline.Events;
using Serilog.Core;
using Serilog.Events;

namespace PortiaWatch.Daemon;

/// <summary>Cleans every text that is put into a line of the log: what a stranger chose can neither forge a second line nor speak to the terminal.</summary>
internal sealed class PlainProperties : ILogEventEnricher
{
    private const int Longest = 2000;

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach ((string name, LogEventPropertyValue value) in logEvent.Properties.ToArray())
        {
            if (value is ScalarValue { Value: string text } && PlainText.Clean(text, Longest) is var clean && clean != text)
                logEvent.AddOrUpdateProperty(new LogEventProperty(name, new ScalarValue(clean)));
        }
    }
}
