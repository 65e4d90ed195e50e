namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Where the configuration file is when nobody names one.</summary>
public static class ConfigLocation
{
    /// <summary><c>$XDG_CONFIG_HOME/portia/portia.json</c>, by default below <c>~/.config</c>. A relative XDG_CONFIG_HOME is ignored, as its specification says.</summary>
    public static string OnLinux(string home, string? xdgConfigHome) =>
        Path.Combine(Path.IsPathRooted(xdgConfigHome) ? xdgConfigHome : Path.Combine(home, ".config"), "portia", "portia.json");

    public static string OnDarwin(string home) => Path.Combine(home, "Library", "Application Support", "PortiaWatch", "portia.json");
}
