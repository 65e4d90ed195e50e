using System.Text.Json;
using PortiaWatch.Pipeline.Configuration;

namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>Reads squatters.json, with the same errors as the configuration.</summary>
internal static class SquatterReader
{
    public static readonly string[] Keys = ["name", "os", "ports", "process", "path", "supervisor", "comesBack", "advice", "stop"];

    private static readonly (string Word, string Value)[] Systems = [("macos", "macos"), ("linux", "linux")];

    /// <summary>All entries, or none and the errors.</summary>
    public static (IReadOnlyList<SquatterEntry> Entries, IReadOnlyList<ConfigError> Errors) Read(ReadOnlySpan<byte> utf8, string origin)
    {
        var report = new ConfigReport(origin);
        var entries = new List<SquatterEntry>();
        if (ConfigTree.Read(utf8, report) is { } root)
        {
            foreach (ConfigNode list in report.Members(root, ["squatters"]))
            {
                foreach (ConfigNode item in report.Items(list, "[{ \"name\": \"my proxy\", \"process\": [\"my-proxy\"], \"advice\": \"…\" }]"))
                    entries.Add(ReadEntry(item, report));
            }
        }

        return report.IsClean ? (entries, []) : ([], report.Errors);
    }

    private static SquatterEntry ReadEntry(ConfigNode node, ConfigReport report)
    {
        var entry = new SquatterEntry { Name = "", Advice = "" };
        foreach (ConfigNode member in report.Members(node, Keys))
        {
            entry = member.Name switch
            {
                "name" => entry with { Name = report.Words(member, "a name") },
                "os" => entry with { System = report.Choice(member, Systems) },
                "ports" => entry with { Ports = PatternReader.Ports(member, report) },
                "process" => entry with { Process = PatternReader.Globs(member, report) },
                "path" => entry with { Path = Texts(member, report, "[\"/opt/tool/*\"]") },
                "supervisor" => entry with { Supervisor = Texts(member, report, "[\"systemd\"]") },
                "comesBack" => entry with { ComesBack = report.Flag(member) },
                "advice" => entry with { Advice = report.Words(member, "a sentence") },
                "stop" => entry with { Stop = Texts(member, report, "[\"adb\", \"kill-server\"]") },
                _ => entry,
            };
        }

        if (node.Kind != JsonValueKind.Object)
            return entry;
        foreach (string wanted in (string[])["name", "advice"])
        {
            if (!node.Children.Any(c => c.Name == wanted))
                report.AtValue(node, $"lacks \"{wanted}\"");
        }

        // An entry that only names ports would shield whatever runs there.
        if (entry is { Process.Count: 0, Path.Count: 0, Supervisor.Count: 0 })
            report.AtValue(node, "fits every program; add \"process\", \"path\" or \"supervisor\"");
        return entry;
    }

    private static List<string> Texts(ConfigNode node, ConfigReport report, string example)
    {
        var texts = new List<string>();
        foreach (ConfigNode item in report.Items(node, example))
            texts.Add(report.Words(item, "a text"));
        return texts;
    }
}
