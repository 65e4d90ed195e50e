using System.CommandLine;

namespace PortiaWatch;

/// <summary>The options that every verb understands.</summary>
internal static class GlobalOptions
{
    public static readonly Option<bool> Json = new("--json") { Description = "Print versioned JSON, one object a line.", Recursive = true };

    public static readonly Option<string?> Config = new("--config") { Description = "Use this configuration file.", HelpName = "PATH", Recursive = true };

    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Say more about what is going on (on stderr).", Recursive = true };

    public static readonly Option<bool> NoColor = new("--no-color") { Description = "No colours; NO_COLOR in the environment does the same.", Recursive = true };

    public static void AddTo(RootCommand root)
    {
        root.Add(Json);
        root.Add(Config);
        root.Add(Verbose);
        root.Add(NoColor);
    }
}
