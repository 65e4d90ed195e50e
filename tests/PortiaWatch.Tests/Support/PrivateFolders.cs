using System.Runtime.CompilerServices;

namespace PortiaWatch.Tests.Support;

/// <summary>Whatever a test starts, by whatever way, writes into no folder of the developer who runs the tests.</summary>
internal static class PrivateFolders
{
    private static readonly TemporaryFolder s_folder = new();

    [ModuleInitializer]
    internal static void Use()
    {
        // That one is what a test starts, and has been told its folders.
        if (Environment.GetCommandLineArgs().Contains(Storms.DoomedProgram.Word))
            return;
        foreach (string variable in (string[])["XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"])
            Environment.SetEnvironmentVariable(variable, Path.Combine(s_folder.Path, variable));
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => s_folder.Dispose();
    }
}
