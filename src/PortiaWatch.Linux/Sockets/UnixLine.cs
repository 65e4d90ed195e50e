using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace PortiaWatch.Linux.Sockets;

/// <summary>Reads one line of /proc/net/unix: Num RefCount Protocol Flags Type St Inode Path.</summary>
internal static class UnixLine
{
    /// <summary>__SO_ACCEPTCON: it listens.</summary>
    private const uint AcceptsConnections = 0x10000;

    private const int WordsBeforeInode = 6;

    /// <summary>False for the heading, for sockets without a name and for anything malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, [NotNullWhen(true)] out UnixSocketEntry? entry)
    {
        entry = null;
        ReadOnlySpan<byte> rest = line;
        uint flags = 0;
        for (int word = 0; word < WordsBeforeInode; word++)
        {
            rest = rest.TrimStart((byte)' ');
            int space = rest.IndexOf((byte)' ');
            if (space < 0)
                return false;
            if (word == 3 && !uint.TryParse(rest[..space], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out flags))
                return false;
            rest = rest[space..];
        }

        // The name goes on to the end of the line, spaces and all.
        rest = rest.TrimStart((byte)' ');
        if (!Utf8Parser.TryParse(rest, out ulong inode, out int used) || used + 1 >= rest.Length)
            return false;
        entry = new UnixSocketEntry
        {
            Name = Encoding.UTF8.GetString(rest[(used + 1)..]).TrimEnd('@') is { Length: > 0 } name ? name : "@",
            IsListening = (flags & AcceptsConnections) != 0,
            Inode = inode,
        };
        return true;
    }
}
