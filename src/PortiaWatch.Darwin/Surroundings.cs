using System.Runtime.InteropServices;
using PortiaWatch.Darwin.Interop;

namespace PortiaWatch.Darwin;

/// <summary>Where the parts find the system: its library, its programs and the user's folders. Tests put stand-ins in their place.</summary>
internal sealed record Surroundings
{
    /// <summary>Handle of libSystem, to look for symbols that only newer systems have; 0 when there is none.</summary>
    public nint Library { get; init; } = NativeLibrary.TryLoad(libSystem.Library, out nint handle) ? handle : 0;

    public string Log { get; init; } = "/usr/bin/log";

    public string Launchctl { get; init; } = "/bin/launchctl";

    public string Osascript { get; init; } = "/usr/bin/osascript";

    /// <summary>Where to look for programs that users install, best first.</summary>
    public IReadOnlyList<string> ToolFolders { get; init; } = ["/opt/homebrew/bin", "/usr/local/bin"];

    /// <summary>Prefixes that Homebrew uses: Apple silicon, Intel.</summary>
    public IReadOnlyList<string> HomebrewPrefixes { get; init; } = ["/opt/homebrew", "/usr/local"];

    /// <summary>Folders with launchd property lists that all users share.</summary>
    public IReadOnlyList<string> SharedJobFolders { get; init; } = ["/Library/LaunchAgents", "/Library/LaunchDaemons"];

    public string Home { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>Where the user keeps the .NET runtime; null when it is in its usual place.</summary>
    public string? DotnetRoot { get; init; } = Environment.GetEnvironmentVariable("DOTNET_ROOT");

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ask log stream for every program's lines, not only Network.framework's and launchd's: dearer, watched by a guard.</summary>
    public bool IsWideLog { get; init; } = Environment.GetEnvironmentVariable("PORTIA_WIDE_LOG") is "1" or "true";
}
