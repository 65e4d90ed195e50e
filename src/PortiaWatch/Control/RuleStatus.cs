namespace PortiaWatch.Control;

/// <summary>One rule in force.</summary>
/// <param name="Name">As the user named it, or by its place.</param>
/// <param name="Action">In lower case.</param>
/// <param name="Ports">Empty: every port.</param>
internal sealed record RuleStatus(string Name, string Action, IReadOnlyList<string> Ports);
