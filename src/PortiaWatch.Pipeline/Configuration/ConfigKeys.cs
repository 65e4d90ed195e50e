using PortiaWatch.Pipeline.Events;
using Serilog.Events;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>The words of the configuration file. portia.schema.json says the same; a test compares the two.</summary>
internal static class ConfigKeys
{
    public static readonly string[] Root = ["$schema", "sources", "debounce", "rules", "protect", "strike", "history", "log", "telemetry"];
    public static readonly string[] Sources = ["kernel", "systemLog", "files", "hooks"];
    public static readonly string[] Debounce = ["window"];
    public static readonly string[] Rule = ["name", "ports", "kind", "holder", "trust", "action", "grace", "force", "command"];
    public static readonly string[] Holder = ["process", "sameProject", "olderThan", "orphan", "known"];
    public static readonly string[] Protect = ["process", "ports"];
    public static readonly string[] Strike = ["grace", "force", "budget", "supervised"];
    public static readonly string[] Budget = ["strikes", "per"];
    public static readonly string[] History = ["keep"];
    public static readonly string[] Log = ["level", "file"];
    public static readonly string[] Telemetry = ["prometheus", "otlp", "journal"];

    public static readonly (string Word, RuleAction Value)[] Actions =
    [
        ("log", RuleAction.Log),
        ("notify", RuleAction.Notify),
        ("ask", RuleAction.Ask),
        ("kill", RuleAction.Kill),
        ("exec", RuleAction.Exec),
    ];

    public static readonly (string Word, Trust Value)[] Trusts =
    [
        ("kernel", Trust.Kernel),
        ("child", Trust.Child),
        ("system", Trust.System),
        ("text", Trust.Text),
    ];

    public static readonly (string Word, SightingKind Value)[] Kinds =
    [
        ("collision", SightingKind.Collision),
        ("resolved", SightingKind.Resolved),
        ("soft", SightingKind.Soft),
    ];

    public static readonly (string Word, SupervisedHandling Value)[] Supervised =
    [
        ("advise", SupervisedHandling.Advise),
        ("stop", SupervisedHandling.Stop),
    ];

    public static readonly (string Word, LogEventLevel Value)[] Levels =
    [
        ("debug", LogEventLevel.Debug),
        ("info", LogEventLevel.Information),
        ("warning", LogEventLevel.Warning),
        ("error", LogEventLevel.Error),
    ];

    public static string WordOf(RuleAction action) => Array.Find(Actions, a => a.Value == action).Word;

    public static string WordOf(SightingKind kind) => Array.Find(Kinds, k => k.Value == kind).Word;

    public static string WordOf(Trust trust) => Array.Find(Trusts, t => t.Value == trust).Word;
}
