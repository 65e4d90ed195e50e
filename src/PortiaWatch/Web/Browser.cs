using System.ComponentModel;
using System.Diagnostics;

namespace PortiaWatch.Web;

/// <summary>Opens an address in the user's browser, where there is a desktop to open it on.</summary>
internal static class Browser
{
    /// <summary>False when nothing could be started. Whether a window appears, nobody says.</summary>
    public static bool TryOpen(string address)
    {
        if (!OperatingSystem.IsMacOS() && Environment.GetEnvironmentVariable("DISPLAY") is not { Length: > 0 } && Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is not { Length: > 0 })
            return false;
        var start = new ProcessStartInfo(OperatingSystem.IsMacOS() ? "/usr/bin/open" : "xdg-open")
        {
            ArgumentList = { address },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process? opener = Process.Start(start);
            return opener is not null;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
