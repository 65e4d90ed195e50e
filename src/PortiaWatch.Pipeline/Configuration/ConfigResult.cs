using System.Diagnostics.CodeAnalysis;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>What became of reading a configuration: settings, or every error that was found.</summary>
/// <param name="Origin">The file, or <see cref="BuiltIn"/>.</param>
/// <param name="Settings">Null when there are errors.</param>
/// <param name="Errors">In the order of their place in the file; empty when there are settings.</param>
public sealed record ConfigResult(string Origin, Settings? Settings, IReadOnlyList<ConfigError> Errors)
{
    public const string BuiltIn = "built-in default";

    [MemberNotNullWhen(true, nameof(Settings))]
    public bool IsValid => Settings is not null;

    internal static ConfigResult Failed(string origin, string message) => new(origin, null, [new ConfigError(origin, "$", 0, 0, message)]);
}
