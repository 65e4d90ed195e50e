using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PortiaWatch.Linux.Containers;

/// <summary>One request to a container engine on its Unix socket, in HTTP/1.0: the engine closes the connection after its answer, so that no length has to be believed.</summary>
internal static class EngineConnection
{
    private const int MostBytes = 8 * 1024 * 1024;

    /// <summary>Status code and body; null when nobody answers there, or not in time. Blocks.</summary>
    /// <param name="socket">Path of the engine's socket.</param>
    /// <param name="request">Method and path, such as <c>GET /containers/json</c>.</param>
    /// <param name="limit">For each step.</param>
    public static (int Status, ReadOnlyMemory<byte> Body)? Ask(string socket, string request, TimeSpan limit)
    {
        try
        {
            using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            int milliseconds = (int)limit.TotalMilliseconds;
            (engine.SendTimeout, engine.ReceiveTimeout) = (milliseconds, milliseconds);
            engine.Connect(new UnixDomainSocketEndPoint(socket));
            byte[] question = Encoding.ASCII.GetBytes($"{request} HTTP/1.0\r\nHost: engine\r\nContent-Length: 0\r\n\r\n");
            for (int sent = 0; sent < question.Length;)
                sent += engine.Send(question.AsSpan(sent));
            byte[] buffer = new byte[16 * 1024];
            int length = 0;
            int read;
            while ((read = engine.Receive(buffer.AsSpan(length))) > 0)
            {
                length += read;
                if (length == buffer.Length && length >= MostBytes)
                    return null;
                if (length == buffer.Length)
                    Array.Resize(ref buffer, buffer.Length * 4);
            }

            return Parse(buffer.AsMemory(0, length));
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            // Not there, not for us, or silent.
            return null;
        }
    }

    /// <summary>Null when it is no answer of HTTP/1.</summary>
    public static (int Status, ReadOnlyMemory<byte> Body)? Parse(ReadOnlyMemory<byte> answer)
    {
        ReadOnlySpan<byte> text = answer.Span;
        int end = text.IndexOf("\r\n\r\n"u8);
        if (end < 0 || text.Length < 12 || !text.StartsWith("HTTP/1."u8) || text[8] != (byte)' ')
            return null;
        return int.TryParse(text.Slice(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? (status, answer[(end + 4)..]) : null;
    }
}
