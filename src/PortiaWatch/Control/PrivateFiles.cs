namespace PortiaWatch.Control;

/// <summary>Folders and files that are nobody's but the user's: 0700 and 0600, whatever the umask.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>Makes it where it is missing; its parents must be there. Fails where it is another's.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        Directory.CreateDirectory(path, OwnerOnlyFolder);
        if (File.GetUnixFileMode(path) != OwnerOnlyFolder)
            File.SetUnixFileMode(path, OwnerOnlyFolder);
    }

    /// <summary>Makes a file or socket that is there already private.</summary>
    public static void Protect(string path)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        File.SetUnixFileMode(path, OwnerOnly);
    }

    /// <summary>Opens for writing, alone; a new file is private from the start.</summary>
    /// <exception cref="IOException">Somebody has it open like this.</exception>
    public static FileStream OpenAlone(string path, FileMode mode)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        return new FileStream(path, new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = OwnerOnly,
        });
    }
}
