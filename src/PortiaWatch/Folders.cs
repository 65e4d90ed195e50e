namespace PortiaWatch;

/// <summary>Where a user's files are, by the conventions of each system. Nothing is created here.</summary>
internal static class Folders
{
    public static string Home { get; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>What the watcher remembers between runs (journal cursor).</summary>
    public static string State { get; } = OperatingSystem.IsMacOS() ? MacSupport : Path.Combine(Xdg("XDG_STATE_HOME", ".local/state"), "portia");

    /// <summary>What the user may want to keep (the history).</summary>
    public static string Data { get; } = OperatingSystem.IsMacOS() ? MacSupport : Path.Combine(Xdg("XDG_DATA_HOME", ".local/share"), "portia");

    /// <summary>Where the configuration is looked for when <c>--config</c> does not say.</summary>
    public static string Configuration { get; } = OperatingSystem.IsMacOS() ? MacSupport : Path.Combine(Xdg("XDG_CONFIG_HOME", ".config"), "portia");

    /// <summary>
    /// Where the watcher's socket is, for all programs of a user alike: <c>$XDG_RUNTIME_DIR/portia</c>, where a session without that variable has <c>/run/user/UID</c>, else below
    /// <see cref="State"/>. Never a folder that others may write to. The runtime hooks look in the same places.
    /// </summary>
    public static string Runtime(uint user)
    {
        if (OperatingSystem.IsMacOS())
            return Path.Combine(MacSupport, "run");
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } session && Path.IsPathRooted(session))
            return Path.Combine(session, "portia");
        string usual = $"/run/user/{user}";
        return Directory.Exists(usual) ? Path.Combine(usual, "portia") : Path.Combine(State, "run");
    }

    private static string MacSupport => Path.Combine(Home, "Library", "Application Support", "PortiaWatch");

    // The specification of the base directories says that a relative path is to be ignored.
    private static string Xdg(string variable, string fallback) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value && Path.IsPathRooted(value) ? value : Path.Combine(Home, fallback);
}
