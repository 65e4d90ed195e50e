using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Reads one rule.</summary>
internal static class RuleReader
{
    private const string ActionForms = "\"action\": \"log\", \"notify\", \"ask\", \"kill\" or \"exec\"";
    private const string CommandExample = "[\"/usr/local/bin/on-collision\", \"--quiet\"]";

    public static Rule Read(ConfigNode node, int index, ConfigReport report)
    {
        var rule = new Rule { Index = index, Action = RuleAction.Log };
        ConfigNode? action = null;
        ConfigNode? command = null;
        bool isObject = node.Kind == JsonValueKind.Object;
        foreach (ConfigNode member in report.Members(node, ConfigKeys.Rule))
        {
            if (member.Name == "action")
                action = member;
            else if (member.Name == "command")
                command = member;
            rule = Apply(rule, member, report);
        }

        if (isObject && action is null && !node.Children.Any(c => Spelling.Nearest(c.Name!, ["action"]) is not null))
            report.AtValue(node, $"lacks an action; add {ActionForms}");
        else if (rule.Action == RuleAction.Exec && command is null)
            report.AtValue(action ?? node, $"\"exec\" wants \"command\": {CommandExample} beside it");
        else if (rule.Action != RuleAction.Exec && command is not null)
            report.AtName(command, "is only for \"action\": \"exec\"");
        return rule;
    }

    private static Rule Apply(Rule rule, ConfigNode member, ConfigReport report) => member.Name switch
    {
        "name" => rule with { Name = report.Words(member, "a name for the rule") },
        "ports" => rule with { Ports = PatternReader.Ports(member, report) },
        "kind" => rule with { Kinds = ReadKinds(member, report) },
        "holder" => rule with { Holder = ReadHolder(member, report) },
        "trust" => rule with { Trust = report.Choice(member, ConfigKeys.Trusts) },
        "action" => rule with { Action = report.Choice(member, ConfigKeys.Actions) },
        "grace" => rule with { Grace = report.Duration(member, ConfigLimits.LeastGrace, ConfigLimits.MostGrace) },
        "force" => rule with { Force = report.Flag(member) },
        "command" => rule with { Command = ReadCommand(member, report) },
        _ => rule,
    };

    private static List<SightingKind> ReadKinds(ConfigNode node, ConfigReport report)
    {
        if (node.Kind != JsonValueKind.Array)
            return [report.Choice(node, ConfigKeys.Kinds)];
        if (node.Children.Count == 0)
            report.AtValue(node, "is empty; leave \"kind\" out where every kind is meant");
        return [.. node.Children.Select(item => report.Choice(item, ConfigKeys.Kinds))];
    }

    private static HolderCondition ReadHolder(ConfigNode node, ConfigReport report)
    {
        var holder = new HolderCondition();
        foreach (ConfigNode member in report.Members(node, ConfigKeys.Holder))
        {
            holder = member.Name switch
            {
                "process" => holder with { Process = PatternReader.Globs(member, report) },
                "sameProject" => holder with { SameProject = report.Flag(member) },
                "olderThan" => holder with { OlderThan = report.Duration(member, TimeSpan.Zero, ConfigLimits.MostAge) },
                "orphan" => holder with { Orphan = report.Flag(member) },
                "known" => holder with { Known = report.Flag(member) },
                _ => holder,
            };
        }

        return holder;
    }

    private static List<string> ReadCommand(ConfigNode node, ConfigReport report)
    {
        var command = new List<string>();
        foreach (ConfigNode item in report.Items(node, CommandExample))
        {
            bool isProgram = command.Count == 0;
            if (item.Kind == JsonValueKind.String && item.Text.Length == 0 && !isProgram)
                command.Add("");
            else
                command.Add(report.Words(item, isProgram ? "a program" : "an argument"));
            if (isProgram && command[0].Length > 0 && command[0][0] != '/' && !command[0].StartsWith("~/", StringComparison.Ordinal))
                report.AtValue(item, "wants the program's full path (\"/usr/local/bin/on-collision\" or \"~/bin/on-collision\"); nothing is looked up in PATH");
        }

        if (node is { Kind: JsonValueKind.Array, Children.Count: 0 })
            report.AtValue(node, $"is empty; wants a program and its arguments such as {CommandExample}");
        return command;
    }
}
