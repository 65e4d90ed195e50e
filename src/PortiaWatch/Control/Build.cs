using System.Reflection;

namespace PortiaWatch.Control;

/// <summary>Which program this is.</summary>
internal static class Build
{
    /// <summary>With the commit that it was built from, where that is known: two builds of one version may differ.</summary>
    public static string Version { get; } =
        typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Without it, for people.</summary>
    public static string ShortVersion(string version) => version.Split('+')[0];
}
