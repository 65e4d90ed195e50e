using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>One rule of the user's file. An absent condition matches everything.</summary>
public sealed record Rule
{
    /// <summary>Null when the user gave none; <see cref="Title"/> then names it by its place.</summary>
    public string? Name { get; init; }

    /// <summary>0-based place in the file's rules.</summary>
    public int Index { get; init; }

    /// <summary>Empty means every port, known or not.</summary>
    public IReadOnlyList<PortRange> Ports { get; init; } = [];

    /// <summary>
    /// What has to have become of the refused program. Empty means anything; a rule that says it waits until the kernel can tell a program that moved on to another port.
    /// </summary>
    public IReadOnlyList<SightingKind> Kinds { get; init; } = [];

    public HolderCondition? Holder { get; init; }

    /// <summary>Least trust that the rule wants before it kills; the default is <see cref="Trust.System"/>.</summary>
    public Trust Trust { get; init; } = Trust.System;

    public required RuleAction Action { get; init; }

    /// <summary>Overrides <see cref="StrikeSettings.Grace"/>.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>Overrides <see cref="StrikeSettings.Force"/>.</summary>
    public bool? Force { get; init; }

    /// <summary>For <see cref="RuleAction.Exec"/>: program and arguments; the incident comes as JSON on its standard input.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public string Title => Name ?? $"rule {Index + 1}";

    /// <summary>What every list of rules ends with.</summary>
    public static Rule Last { get; } = new() { Name = "everything else", Index = int.MaxValue, Action = RuleAction.Log };
}
