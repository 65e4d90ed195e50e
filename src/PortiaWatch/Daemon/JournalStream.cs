using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Daemon;

/// <summary>Whether standard error goes to journald (systemd.exec(5), JOURNAL_STREAM).</summary>
internal static class JournalStream
{
    private const int StandardError = 2;

    /// <summary>The variable is inherited by programs whose output has long been led elsewhere, so device and inode are compared as the manual asks.</summary>
    public static bool IsStandardError(Func<SafeFileHandle, (ulong Device, ulong Inode)?> identify)
    {
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not { Length: > 0 } stream)
            return false;
        using var descriptor = new SafeFileHandle(StandardError, ownsHandle: false);
        return identify(descriptor) is { } identity && IsSame(stream, identity.Device, identity.Inode);
    }

    /// <param name="stream">Device and inode in decimal with a colon between.</param>
    /// <param name="device">Major number in the upper half, minor in the lower.</param>
    /// <param name="inode">Of the same file.</param>
    public static bool IsSame(string stream, ulong device, ulong inode)
    {
        // makedev(3): the variable holds the two numbers woven together.
        ulong major = device >> 32;
        ulong minor = device & 0xffffffff;
        ulong woven = ((major & 0xfffff000) << 32) | ((major & 0xfff) << 8) | ((minor & 0xffffff00) << 12) | (minor & 0xff);
        return stream == string.Create(CultureInfo.InvariantCulture, $"{woven}:{inode}");
    }
}
