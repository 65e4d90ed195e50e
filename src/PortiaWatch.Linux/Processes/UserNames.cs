using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Processes;

/// <summary>Names and home folders of users, remembered: the directory behind them may be a slow network.</summary>
internal sealed class UserNames
{
    private const int LargestEntryBytes = 1 << 20;

    private readonly ConcurrentDictionary<uint, (string Name, string? Home)> _known = new();

    /// <summary>The login name; the number as text when it has none.</summary>
    public string Name(uint uid) => _known.GetOrAdd(uid, Ask).Name;

    /// <summary>Null when the user has no entry.</summary>
    public string? Home(uint uid) => _known.GetOrAdd(uid, Ask).Home;

    private static unsafe (string Name, string? Home) Ask(uint uid)
    {
        for (int size = 2048; size <= LargestEntryBytes; size *= 4)
        {
            byte[] buffer = new byte[size];
            fixed (byte* start = buffer)
            {
                Libc.Passwd entry;
                Libc.Passwd* found = null;
                int error = Libc.getpwuid_r(uid, &entry, start, (nuint)size, &found);
                if (error == Libc.ERANGE)
                    continue;
                if (error == 0 && found != null && Marshal.PtrToStringUTF8((nint)entry.pw_name) is { Length: > 0 } name)
                    return (name, Marshal.PtrToStringUTF8((nint)entry.pw_dir));
                break;
            }
        }

        return (uid.ToString(CultureInfo.InvariantCulture), null);
    }
}
