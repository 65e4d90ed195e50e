using System.Text;

namespace PortiaWatch.Linux.Interop;

/// <summary>Capabilities that a program file gives to whoever runs it (capabilities(7), set by setcap).</summary>
internal static class FileCapabilities
{
    /// <summary>False also where the file system keeps no attributes.</summary>
    public static unsafe bool AreOn(string file)
    {
        byte[] path = Encoding.UTF8.GetBytes(file + "\0");
        fixed (byte* start = path)
        fixed (byte* name = "security.capability\0"u8)
            return Libc.getxattr(start, name, null, 0) > 0;
    }
}
