using System.Net.Sockets;
using System.Text.Json;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Control;

/// <summary>One question to the running watcher. It is asked only when the watcher is the user's own.</summary>
internal sealed class ControlClient : IDisposable
{
    // A watcher that is suspended accepts nobody; once its backlog is full, connecting waits for ever.
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(3);

    private readonly Socket _socket;
    private readonly StreamReader _answers;

    private ControlClient(Socket socket, PeerCredentials watcher)
    {
        _socket = socket;
        _answers = new StreamReader(new NetworkStream(socket, ownsSocket: false));
        WatcherPid = watcher.Pid;
    }

    public int WatcherPid { get; }

    /// <summary>Null when no watcher of this user runs, or none that lets anybody in.</summary>
    public static ControlClient? TryConnect(Platform platform) => TryConnect(platform, out _);

    /// <param name="platform">Says who the watcher is.</param>
    /// <param name="isSilent">Somebody has the socket and does not let us in.</param>
    public static ControlClient? TryConnect(Platform platform, out bool isSilent)
    {
        isSilent = false;
        Socket? socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = (int)LongestConnect.TotalMilliseconds };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(RuntimeFolder.SocketOn(platform)));
            if (platform.PeerOf(socket) is not { } watcher || watcher.Uid != platform.Processes.CurrentUser)
                return null;
            var client = new ControlClient(socket, watcher);
            socket = null;
            return client;
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            // Nobody listens there, or the path is longer than a socket's name may be: then no watcher could listen either.
            isSilent = error is SocketException { SocketErrorCode: SocketError.WouldBlock or SocketError.TimedOut };
            return null;
        }
        finally
        {
            socket?.Dispose();
        }
    }

    public async Task AskAsync(ControlRequest request, CancellationToken cancellation)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest), (byte)'\n'];
        for (int sent = 0; sent < line.Length;)
            sent += await _socket.SendAsync(line.AsMemory(sent), SocketFlags.None, cancellation);
    }

    /// <summary>The next line of the answer; null at its end, however it came.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await _answers.ReadLineAsync(cancellation);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _answers.Dispose();
        _socket.Dispose();
    }
}
