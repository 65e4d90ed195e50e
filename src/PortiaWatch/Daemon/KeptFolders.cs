using PortiaWatch.Rendering;

namespace PortiaWatch.Daemon;

/// <summary>What is the user's and stays when the service goes.</summary>
internal static class KeptFolders
{
    /// <summary>Where configuration and history are, in a sentence; null when there are none.</summary>
    public static string? Note()
    {
        string[] folders = [.. ((string[])[Folders.Configuration, Folders.Data, Folders.State]).Distinct().Where(Directory.Exists).Select(Words.Folder)];
        return folders.Length == 0 ? null : $"Your configuration and history stay: {string.Join(", ", folders)}";
    }
}
