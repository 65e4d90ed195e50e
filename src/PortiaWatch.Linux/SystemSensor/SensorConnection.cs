using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Sockets;
using PortiaWatch.Linux.Systemd;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.SystemSensor;

/// <summary>A user's watcher reading what the system's sensor passes on. What comes counts as the kernel's word, so the sensor has to prove that root set it up.</summary>
internal sealed class SensorConnection : IEventFeed
{
    private const int GreetingMilliseconds = 5_000;

    // What this process learned of the machine that it runs on.
    private static volatile bool s_wasConnected;

    private readonly Socket _socket;

    private SensorConnection(Socket socket)
    {
        _socket = socket;
        Readable = new SafeFileHandle(socket.Handle, ownsHandle: false);
    }

    public SafeFileHandle Readable { get; }

    /// <summary>What waits in a socket is little; the sensor's ring is the buffer.</summary>
    public long Backlog => 0;

    public long Dropped { get; private set; }

    public string? Limit { get; private set; }

    /// <summary>True when the system starts one, whether it runs now or not, or one was connected before: then it is only away for a moment.</summary>
    public static bool IsInstalled => File.Exists(Path.Combine(SensorUnit.Folder, SensorUnit.Name)) || s_wasConnected;

    /// <summary>True when there is a sensor to ask.</summary>
    public static bool IsPossible(string path = SensorProtocol.SocketPath) => File.Exists(path);

    /// <summary>Throws <see cref="SourceUnavailableException"/> when what answers is not the system's sensor, <see cref="IOException"/> when nothing answers now.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handed to the caller.")]
    public static SensorConnection Open(string path = SensorProtocol.SocketPath)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            if (SensorTrust.Objection(path, PeerReader.Read(socket)?.Uid) is { } objection)
                throw new SourceUnavailableException(objection);
            var connection = new SensorConnection(socket);
            socket.ReceiveTimeout = GreetingMilliseconds;
            connection.ReadGreeting();
            s_wasConnected = true;
            socket.Blocking = false;
            return connection;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException($"The sensor at {path} does not answer: {failure.Message}", failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public bool TryRead(Span<byte> buffer, out int lengthBytes)
    {
        while (true)
        {
            lengthBytes = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock)
                return false;
            if (error != SocketError.Success || lengthBytes == 0)
                throw new IOException("The system's sensor has ended.");
            if (!SensorProtocol.TryReadNote(buffer[..lengthBytes], out long dropped, out _))
                return true;
            Dropped = dropped;
        }
    }

    public void Dispose()
    {
        Readable.Dispose();
        _socket.Dispose();
    }

    private void ReadGreeting()
    {
        byte[] buffer = new byte[SensorProtocol.MaxPacketBytes];
        int length = _socket.Receive(buffer);
        if (!SensorProtocol.TryReadNote(buffer.AsSpan(0, length), out _, out string? limit))
            throw new IOException("What answers at the sensor's socket is of another version; install it again with: sudo portia install --kernel");
        Limit = limit;
    }
}
