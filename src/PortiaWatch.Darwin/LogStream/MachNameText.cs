using System.Diagnostics.CodeAnalysis;
using System.Text;
using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.LogStream;

/// <summary>
/// Reads "service name already taken" out of a message: Chromium's and CoreFoundation's words for the codes 1100 to 1103, and launchd's own. Another job's name gives 1100,
/// which a refused permission gives too.
/// </summary>
internal static class MachNameText
{
    // Longer than any name in use; bootstrap.h caps them at 128.
    private const int LongestName = 128;

    /// <summary>The name as an endpoint, where sockets have their path.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, [NotNullWhen(true)] out Endpoint? endpoint)
    {
        endpoint = null;
        ReadOnlySpan<byte> name = default;
        if (After(message, "bootstrap_check_in "u8, out ReadOnlySpan<byte> rest) || After(message, "bootstrap_register "u8, out rest))
        {
            int end = rest.IndexOf(": "u8);
            if (end > 0 && HasCode(rest[end..]))
                name = rest[..end];
        }
        else if (After(message, "CFMessagePort: bootstrap_register(): failed "u8, out rest))
        {
            // "141 (0x8d) 'unknown error code', port = 0x5303, name = 'com.example'": the code's meaning there is not established, the failure is.
            if (After(rest, "name = '"u8, out ReadOnlySpan<byte> quoted) && quoted.IndexOf((byte)'\'') is > 0 and var end)
                name = quoted[..end];
        }
        else if (After(message, "tried to hijack the service \""u8, out rest) && rest.IndexOf((byte)'"') is > 0 and var close)
        {
            name = rest[..close];
        }
        else if (After(message, "Check-in of Mach service failed. Already active: "u8, out rest))
        {
            name = rest.TrimEnd(" \r\n."u8);
        }

        if (name.IsEmpty || name.Length > LongestName || name.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            return false;
        endpoint = new Endpoint { Transport = Transport.Unix, Path = MachNames.Prefix + Encoding.ASCII.GetString(name) };
        return true;
    }

    private static bool HasCode(ReadOnlySpan<byte> text) =>
        text.IndexOf("(1100)"u8) >= 0 || text.IndexOf("(1101)"u8) >= 0 || text.IndexOf("(1103)"u8) >= 0;

    private static bool After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> words, out ReadOnlySpan<byte> rest)
    {
        int at = text.IndexOf(words);
        rest = at < 0 ? default : text[(at + words.Length)..];
        return at >= 0;
    }
}
