using System.Globalization;
using System.Text.Json;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Reads the whole tree into settings. What the file does not say stays as in <see cref="Settings.Default"/>.</summary>
internal static class SettingsReader
{
    public static Settings Read(ConfigNode root, ConfigReport report)
    {
        Settings settings = Settings.Default;
        foreach (ConfigNode member in report.Members(root, ConfigKeys.Root))
        {
            settings = member.Name switch
            {
                "sources" => settings with { Sources = ReadSources(member, report) },
                "debounce" => settings with { DebounceWindow = ReadWindow(member, settings.DebounceWindow, report) },
                "rules" => settings with { Rules = ReadRules(member, report) },
                "protect" => settings with { Protect = ReadProtect(member, report) },
                "strike" => settings with { Strike = ReadStrike(member, report) },
                "history" => settings with { HistoryKeep = ReadKeep(member, settings.HistoryKeep, report) },
                "log" => settings with { Log = ReadLog(member, report) },
                "telemetry" => settings with { Telemetry = TelemetryReader.Read(member, report) },
                _ => settings,
            };
        }

        return settings;
    }

    private static SourceSettings ReadSources(ConfigNode node, ConfigReport report)
    {
        var sources = new SourceSettings();
        foreach (ConfigNode member in report.Members(node, ConfigKeys.Sources))
        {
            sources = member.Name switch
            {
                "kernel" => sources with { Kernel = ReadToggle(member, report) },
                "systemLog" => sources with { SystemLog = ReadToggle(member, report) },
                "files" => sources with { Files = ReadFiles(member, report) },
                "hooks" => sources with { Hooks = ReadToggle(member, report) },
                _ => sources,
            };
        }

        return sources;
    }

    internal static Toggle ReadToggle(ConfigNode node, ConfigReport report)
    {
        if (node.Kind is JsonValueKind.True or JsonValueKind.False)
            return node.Kind == JsonValueKind.True ? Toggle.On : Toggle.Off;
        if (node.Kind != JsonValueKind.String || node.Text != "auto")
            report.AtValue(node, $"wants \"auto\", true or false, not {ConfigReport.Describe(node)}");
        return Toggle.Auto;
    }

    private static List<string> ReadFiles(ConfigNode node, ConfigReport report)
    {
        var files = new List<string>();
        foreach (ConfigNode item in report.Items(node, "[\"~/shop/logs/*.log\"]"))
            files.Add(ReadPath(item, "a path or a glob", report));
        return files;
    }

    private static string ReadPath(ConfigNode node, string what, ConfigReport report)
    {
        string path = report.Words(node, what);
        if (path.Length > 0 && path[0] != '/' && !path.StartsWith("~/", StringComparison.Ordinal))
            report.AtValue(node, "wants a path that starts with / or ~/; the watcher has no folder of its own that a shorter one could start from");
        return path;
    }

    private static TimeSpan ReadWindow(ConfigNode node, TimeSpan window, ConfigReport report)
    {
        foreach (ConfigNode member in report.Members(node, ConfigKeys.Debounce))
            window = report.Duration(member, ConfigLimits.LeastWindow, ConfigLimits.MostWindow);
        return window;
    }

    /// <summary>The file's rules and the last one; an absent list keeps the built-in rules.</summary>
    private static List<Rule> ReadRules(ConfigNode node, ConfigReport report)
    {
        var rules = new List<Rule>();
        foreach (ConfigNode item in report.Items(node, "[{ \"ports\": [3000], \"action\": \"ask\" }]"))
            rules.Add(RuleReader.Read(item, rules.Count, report));
        rules.Add(Rule.Last);
        return rules;
    }

    private static ProtectSettings ReadProtect(ConfigNode node, ConfigReport report)
    {
        var protect = new ProtectSettings();
        foreach (ConfigNode member in report.Members(node, ConfigKeys.Protect))
        {
            protect = member.Name == "process"
                ? protect with { Process = PatternReader.Globs(member, report) }
                : protect with { Ports = PatternReader.Ports(member, report) };
        }

        return protect;
    }

    private static StrikeSettings ReadStrike(ConfigNode node, ConfigReport report)
    {
        var strike = new StrikeSettings();
        foreach (ConfigNode member in report.Members(node, ConfigKeys.Strike))
        {
            strike = member.Name switch
            {
                "grace" => strike with { Grace = report.Duration(member, ConfigLimits.LeastGrace, ConfigLimits.MostGrace) },
                "force" => strike with { Force = report.Flag(member) },
                "budget" => ReadBudget(member, strike, report),
                "supervised" => strike with { Supervised = report.Choice(member, ConfigKeys.Supervised) },
                _ => strike,
            };
        }

        return strike;
    }

    private static StrikeSettings ReadBudget(ConfigNode node, StrikeSettings strike, ConfigReport report)
    {
        foreach (ConfigNode member in report.Members(node, ConfigKeys.Budget))
        {
            strike = member.Name == "strikes"
                ? strike with { BudgetStrikes = ReadStrikes(member, report) }
                : strike with { BudgetWindow = report.Duration(member, ConfigLimits.LeastBudgetWindow, ConfigLimits.MostBudgetWindow) };
        }

        return strike;
    }

    private static int ReadStrikes(ConfigNode node, ConfigReport report)
    {
        if (node.Kind == JsonValueKind.Number
            && int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int strikes)
            && strikes is >= 1 and <= ConfigLimits.MostStrikes)
            return strikes;
        report.AtValue(node, $"wants a whole number from 1 to {ConfigLimits.MostStrikes}, not {ConfigReport.Describe(node)}; to strike never, use \"ask\" in place of \"kill\"");
        return 1;
    }

    private static TimeSpan ReadKeep(ConfigNode node, TimeSpan keep, ConfigReport report)
    {
        foreach (ConfigNode member in report.Members(node, ConfigKeys.History))
            keep = report.Duration(member, ConfigLimits.LeastKeep, ConfigLimits.MostKeep);
        return keep;
    }

    private static LogSettings ReadLog(ConfigNode node, ConfigReport report)
    {
        var log = new LogSettings();
        foreach (ConfigNode member in report.Members(node, ConfigKeys.Log))
        {
            log = member.Name == "level"
                ? log with { Level = report.Choice(member, ConfigKeys.Levels) }
                : log with { File = ReadPath(member, "a path", report) };
        }

        return log;
    }
}
