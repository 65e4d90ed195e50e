using System.Buffers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Control;

/// <summary>One client of the watcher: lines in, lines out. For one reader and one writer.</summary>
internal sealed class ControlConnection(Socket socket, PeerCredentials peer)
{
    /// <summary>A request has room for a long path and a few hundred processes.</summary>
    public const int LongestRequest = 64 * 1024;

    private const int FirstRead = 4096;

    /// <summary>As the kernel has it.</summary>
    public PeerCredentials Peer { get; } = peer;

    /// <summary>The first line, or what came before the client closed its side. Null when it is longer than <see cref="LongestRequest"/>.</summary>
    public async Task<byte[]?> ReadRequestAsync(CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
        try
        {
            int length = 0;
            while (true)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer);
                int got = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, cancellation);
                int end = buffer.AsSpan(length, got).IndexOf((byte)'\n');
                if (end >= 0 || got == 0)
                    return length + Math.Max(end, 0) > LongestRequest ? null : buffer[..(length + Math.Max(end, 0))];
                length += got;
                if (length > LongestRequest)
                    return null;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public Task WriteAsync<T>(T answer, JsonTypeInfo<T> type, CancellationToken cancellation) => WriteLineAsync(JsonSerializer.SerializeToUtf8Bytes(answer, type), cancellation);

    /// <summary>Sends a line that has no end yet.</summary>
    public async Task WriteLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation)
    {
        byte[] whole = ArrayPool<byte>.Shared.Rent(line.Length + 1);
        try
        {
            line.CopyTo(whole);
            whole[line.Length] = (byte)'\n';
            for (int sent = 0; sent <= line.Length;)
                sent += await socket.SendAsync(whole.AsMemory(sent..(line.Length + 1)), SocketFlags.None, cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    /// <summary>Returns when the client has gone. What it still sends is thrown away.</summary>
    public async Task GoneAsync(CancellationToken cancellation)
    {
        byte[] unread = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(unread, SocketFlags.None, cancellation) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Gone without a word.
        }
    }

    private static byte[] Grow(byte[] full)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
