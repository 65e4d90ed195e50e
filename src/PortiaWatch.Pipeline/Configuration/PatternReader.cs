using System.Globalization;
using System.Text.Json;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Reads the two lists that rules and protections are made of: ports and program names.</summary>
internal static class PatternReader
{
    private const string PortForms = "a port from 1 to 65535 such as 3000, or a range such as \"3000-3999\"";
    private const int LongestGlob = 256;

    public static IReadOnlyList<PortRange> Ports(ConfigNode node, ConfigReport report)
    {
        var ports = new List<PortRange>();
        foreach (ConfigNode item in report.Items(node, "[3000, \"8000-8999\"]"))
        {
            if (ReadRange(item, report) is { } range)
                ports.Add(range);
        }

        // An empty list reads like "no port" and would mean "every port": nobody should have to guess with a rule that kills.
        if (node is { Kind: JsonValueKind.Array, Children.Count: 0 })
            report.AtValue(node, "is empty; leave \"ports\" out where no port is meant in particular");
        return ports;
    }

    public static IReadOnlyList<string> Globs(ConfigNode node, ConfigReport report)
    {
        var globs = new List<string>();
        foreach (ConfigNode item in report.Items(node, "[\"node\", \"python*\"]"))
        {
            string glob = report.Words(item, "a program's name such as \"node\" or \"python*\"");
            if (glob.Contains('/', StringComparison.Ordinal))
                report.AtValue(item, "contains a slash; patterns are compared with the program's name, not with its path");
            else if (glob.Length > LongestGlob)
                report.AtValue(item, "is longer than any program's name");
            else
                globs.Add(glob);
        }

        if (node is { Kind: JsonValueKind.Array, Children.Count: 0 })
            report.AtValue(node, "is empty; leave \"process\" out where no program is meant in particular");
        return globs;
    }

    private static PortRange? ReadRange(ConfigNode item, ConfigReport report)
    {
        string text = item.Text;
        int dash = item.Kind == JsonValueKind.String ? text.IndexOf('-', StringComparison.Ordinal) : -1;
        if (item.Kind is JsonValueKind.Number or JsonValueKind.String
            && TryReadPort(dash < 0 ? text : text[..dash], out int first)
            && TryReadPort(dash < 0 ? text : text[(dash + 1)..], out int last))
        {
            if (first <= last)
                return new PortRange(first, last);
            report.AtValue(item, $"is a reversed range; write \"{last}-{first}\"");
        }
        else
        {
            report.AtValue(item, $"wants {PortForms}, not {ConfigReport.Describe(item)}");
        }

        return null;
    }

    private static bool TryReadPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}
