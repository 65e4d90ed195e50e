using System.Globalization;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>The socket table as /proc/PID/net shows it: for systems that refuse netlink, and for namespaces that we may not enter. Needs no right at all.</summary>
internal static class ProcNet
{
    private const int LargestLine = 1024;

    /// <summary>
    /// Adds the sockets in <paramref name="states"/> on <paramref name="port"/> (0: all) in the namespace of <paramref name="pid"/> (null: ours). False when the file is
    /// not there. Sockets that are bound without listening do not appear here at all.
    /// </summary>
    public static bool TryRead(int? pid, Transport transport, uint states, int port, List<KernelSocket> into)
    {
        string name = transport == Transport.Udp ? "udp" : "tcp";
        var found = new List<KernelSocket>();
        bool any = ReadFile(PathOf(pid, name), transport, states, port, found);
        any |= ReadFile(PathOf(pid, name + "6"), transport, states, port, found);
        into.AddRange(WithV6Only(found));
        return any;
    }

    /// <summary>Adds the named unix sockets; false when the file is not there.</summary>
    public static bool TryReadUnix(int? pid, Predicate<UnixSocketEntry> wanted, List<UnixSocketEntry> into)
    {
        return ForEachLine(PathOf(pid, "unix"), line =>
        {
            if (UnixLine.TryRead(line, out UnixSocketEntry? entry) && wanted(entry))
                into.Add(entry);
        });
    }

    private static string PathOf(int? pid, string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/{(pid is { } p ? p : "self")}/net/{name}");

    private static bool ReadFile(string path, Transport transport, uint states, int port, List<KernelSocket> into) => ForEachLine(path, line =>
    {
        if (ProcNetLine.TryRead(line, transport, port, out int state, out KernelSocket? socket) && (states & (1u << (state & 31))) != 0)
            into.Add(socket);
    });

    // The file does not tell v6-only sockets. Where an IPv4 socket has the port as well, the one on :: must be one.
    private static IEnumerable<KernelSocket> WithV6Only(List<KernelSocket> sockets)
    {
        HashSet<int> v4Ports = [.. sockets.Where(s => s.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && s.Use != SocketUse.TimeWait).Select(s => s.Port)];
        return sockets.Select(s => s.Address.Equals(System.Net.IPAddress.IPv6Any) && v4Ports.Contains(s.Port) ? s with { IsV6Only = true } : s);
    }

    private static bool ForEachLine(string path, LineHandler handle)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            byte[] buffer = new byte[64 * 1024];
            int held = 0;
            int got;
            while ((got = stream.Read(buffer, held, buffer.Length - held)) > 0)
            {
                held += got;
                ReadOnlySpan<byte> rest = buffer.AsSpan(0, held);
                int end;
                while ((end = rest.IndexOf((byte)'\n')) >= 0)
                {
                    handle(rest[..end]);
                    rest = rest[(end + 1)..];
                }

                // A line that long is no line; what follows it is read on.
                held = rest.Length > LargestLine ? 0 : rest.Length;
                if (held > 0)
                    rest.ToArray().CopyTo(buffer, 0);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private delegate void LineHandler(ReadOnlySpan<byte> line);
}
