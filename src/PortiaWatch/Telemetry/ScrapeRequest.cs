using System.Text;

namespace PortiaWatch.Telemetry;

/// <summary>Judges the head of an HTTP request. Only one thing may be asked for, in only one way.</summary>
internal static class ScrapeRequest
{
    /// <summary>The status to answer with: 200 only for a plain <c>GET /metrics</c> that names this very listener as its host.</summary>
    /// <param name="head">Request line and header lines, with the empty line that ends them.</param>
    /// <param name="hosts">What the Host header may say. A page in a browser that reaches us under a name of its own (DNS rebinding) says that name.</param>
    public static int Judge(ReadOnlySpan<byte> head, IReadOnlyList<string> hosts)
    {
        if (!head.EndsWith("\r\n\r\n"u8) || head.ContainsAnyExceptInRange((byte)' ', (byte)'~') && HasOddBytes(head))
            return 400;
        string[] lines = Encoding.ASCII.GetString(head[..^4]).Split("\r\n");
        if (lines[0].Split(' ') is not [var method, var path, "HTTP/1.1" or "HTTP/1.0"])
            return 400;
        string? host = null;
        foreach (string line in lines.AsSpan(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan(0, colon).ContainsAny(" \t"))
                return 400;
            string name = line[..colon];
            bool isHost = name.Equals("Host", StringComparison.OrdinalIgnoreCase);
            bool hasBody = name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);
            if (hasBody || isHost && host is not null)
                return 400;
            if (isHost)
                host = line[(colon + 1)..].Trim();
        }

        return host is null ? 400
            : !hosts.Contains(host, StringComparer.OrdinalIgnoreCase) ? 421
            : method != "GET" ? 405
            : path != "/metrics" ? 404
            : 200;
    }

    // Printable ASCII, tabs, and line ends only in pairs.
    private static bool HasOddBytes(ReadOnlySpan<byte> head)
    {
        for (int at = 0; at < head.Length; at++)
        {
            bool isLineEnd = head[at] == '\r' && at + 1 < head.Length && head[at + 1] == '\n';
            if (isLineEnd)
                at++;
            else if (head[at] != '\t' && head[at] is < (byte)' ' or > (byte)'~')
                return true;
        }

        return false;
    }
}
