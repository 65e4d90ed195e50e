using System.Net;
using System.Text.Json;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Reads the section <c>telemetry</c>.</summary>
internal static class TelemetryReader
{
    public static TelemetrySettings Read(ConfigNode node, ConfigReport report)
    {
        var telemetry = new TelemetrySettings();
        foreach (ConfigNode member in report.Members(node, ConfigKeys.Telemetry))
        {
            telemetry = member.Name switch
            {
                "prometheus" => telemetry with { Prometheus = ReadLoopback(member, report) },
                "otlp" => telemetry with { Otlp = ReadCollector(member, report) },
                _ => telemetry with { Journal = SettingsReader.ReadToggle(member, report) },
            };
        }

        return telemetry;
    }

    // Compared with its own text, so that none of the short forms of an address ("127.1", "0x7f000001", no port) passes.
    private static IPEndPoint? ReadLoopback(ConfigNode node, ConfigReport report)
    {
        const string Example = "\"127.0.0.1:9464\" or \"[::1]:9464\"";
        string text = report.Words(node, $"an address with a port, such as {Example},");
        if (node.Kind != JsonValueKind.String || string.IsNullOrWhiteSpace(text) || text.Contains('\0', StringComparison.Ordinal))
            return null;
        if (!IPEndPoint.TryParse(text, out IPEndPoint? address) || address.Port == 0 || address.ToString() != text)
            report.AtValue(node, $"wants an address with a port, such as {Example}, not {ConfigReport.Describe(node)}");
        else if (!IPAddress.IsLoopback(address.Address))
            report.AtValue(node, $"wants a loopback address, such as {Example}, not {ConfigReport.Describe(node)}; the numbers name ports and are for this machine");
        else
            return address;
        return null;
    }

    private static Uri? ReadCollector(ConfigNode node, ConfigReport report)
    {
        const string Example = "\"http://127.0.0.1:4318\"";
        string text = report.Words(node, $"the address of a collector, such as {Example},");
        if (node.Kind != JsonValueKind.String || string.IsNullOrWhiteSpace(text) || text.Contains('\0', StringComparison.Ordinal))
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            && address.Scheme is "http" or "https" && address is { UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 } && !text.Any(char.IsWhiteSpace))
            return address;
        report.AtValue(node, $"wants an http or https address without user, query or fragment, such as {Example}, not {ConfigReport.Describe(node)}");
        return null;
    }
}
