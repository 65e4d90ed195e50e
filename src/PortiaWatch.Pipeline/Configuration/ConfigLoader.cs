namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Turns a configuration file into settings, or into every error in it. Keeps no state.</summary>
public static class ConfigLoader
{
    private const string TooLarge = "is larger than 1 MiB; this cannot be a configuration file";

    /// <summary>Reads the text of a file. Pure.</summary>
    /// <param name="utf8">JSON; comments, trailing commas and a byte order mark are accepted.</param>
    /// <param name="origin">What errors call the file.</param>
    public static ConfigResult Parse(ReadOnlySpan<byte> utf8, string origin)
    {
        if (utf8.Length > ConfigLimits.MostBytes)
            return ConfigResult.Failed(origin, TooLarge);
        var report = new ConfigReport(origin);
        ConfigNode? root = ConfigTree.Read(utf8, report);
        Settings? settings = root is null ? null : SettingsReader.Read(root, report);
        return report.IsClean ? new ConfigResult(origin, settings, []) : new ConfigResult(origin, null, report.Errors);
    }

    /// <summary>Reads a file. What the system says against it (no such file, no right, writable by others while its rules kill) is an error like any other.</summary>
    public static ConfigResult Load(string path, FileOwnership? ownership = null)
    {
        (byte[] utf8, string? refusal) = ReadText(path, ownership);
        if (refusal is not null)
            return ConfigResult.Failed(path, refusal);
        ConfigResult result = Parse(utf8, path);
        return result.IsValid && ConfigGuard.Objection(path, result.Settings, ownership) is { } objection ? ConfigResult.Failed(path, objection) : result;
    }

    /// <summary>The file the user named, which must be there; else the standard one if it is there; else the built-in default.</summary>
    public static ConfigResult LoadOrDefault(string? named, string standard, FileOwnership? ownership = null) =>
        named is null && !File.Exists(standard)
            ? new ConfigResult(ConfigResult.BuiltIn, Settings.Default, [])
            : Load(named ?? standard, ownership);

    /// <summary>The bytes of a file that is no larger than a configuration may be, or why there are none.</summary>
    public static (byte[] Utf8, string? Refusal) ReadText(string path, FileOwnership? ownership = null)
    {
        try
        {
            if (Directory.Exists(path))
                return ([], "is a folder; the configuration is a file in it");
            if (!IsDescriptor(path) && File.Exists(path) && ownership?.IsRegular?.Invoke(path) == false)
                return ([], "is no regular file");
            byte[] utf8 = ReadAtMost(path, ConfigLimits.MostBytes + 1);
            return utf8.Length > ConfigLimits.MostBytes ? ([], TooLarge) : (utf8, null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return ([], "there is no such file");
        }
        catch (UnauthorizedAccessException)
        {
            return ([], "may not be read with the rights you have");
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return ([], $"cannot be read: {e.Message}");
        }
    }

    // What the shell makes of <(command): somebody writes into that one.
    private static bool IsDescriptor(string path) => path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal);

    private static byte[] ReadAtMost(string path, int most)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        byte[] buffer = new byte[4096];
        int length = 0;
        while (length < most)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 4, most));
            int read = file.Read(buffer, length, buffer.Length - length);
            if (read == 0)
                break;
            length += read;
        }

        return buffer[..length];
    }
}
