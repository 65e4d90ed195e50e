using PortiaWatch.Pipeline;

namespace PortiaWatch.Control;

/// <summary>The folder of the control socket and the lock: nobody but the user gets in.</summary>
internal static class RuntimeFolder
{
    public const string SocketName = "control.sock";
    public const string LockName = "watch.lock";

    public static string PathOn(Platform platform) => Folders.Runtime(platform.Processes.CurrentUser);

    public static string SocketOn(Platform platform) => Path.Combine(PathOn(platform), SocketName);

    /// <summary>Makes the folder where it is missing, and makes sure of its owner and mode. The session's own folder is not ours to make.</summary>
    /// <exception cref="ControlUnavailableException">It cannot be used; the message is the reason.</exception>
    public static string Prepare(Platform platform)
    {
        string folder = PathOn(platform);
        try
        {
            if (folder.StartsWith(Folders.State, StringComparison.Ordinal))
                Directory.CreateDirectory(Folders.State);
            else if (Path.GetDirectoryName(folder) is { } session && !Directory.Exists(session))
                throw new ControlUnavailableException($"{session} does not exist");
            MakeSure(folder, platform);
            PrivateFiles.MakeFolder(folder);
            MakeSure(folder, platform);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ControlUnavailableException(error.Message.TrimEnd('.'), error);
        }

        return folder;
    }

    private static void MakeSure(string folder, Platform platform)
    {
        if (new DirectoryInfo(folder).LinkTarget is not null)
            throw new ControlUnavailableException($"{folder} is a link");
        if (platform.FileOwner(folder) is { } owner && owner.User != platform.Processes.CurrentUser)
            throw new ControlUnavailableException($"{folder} belongs to {platform.Processes.UserName(owner.User)}");
    }
}
