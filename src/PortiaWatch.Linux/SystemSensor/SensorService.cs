using System.Net.Sockets;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Sockets;

namespace PortiaWatch.Linux.SystemSensor;

/// <summary>
/// The system's sensor: the one part of PortiaWatch that has rights over the kernel, and all that it does is to pass each user's refused binds on to that user's watcher.
/// While nobody is connected nothing is attached, so no system call of the machine pays for it.
/// </summary>
/// <param name="path">Of its socket.</param>
internal sealed class SensorService(string path)
{
    private const int MostClients = 64;
    private const int MostOfOneUser = 4;

    private readonly Lock _lock = new();
    private readonly List<SensorClient> _clients = [];
    private SensorRelay? _relay;

    /// <summary>Runs until cancelled. Throws what <see cref="Sensor.Start"/> throws when the rights are not there.</summary>
    /// <param name="onReady">Called when watchers may connect.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(Action onReady, CancellationToken stop)
    {
        string? limit;
        using (Sensor sensor = Sensor.Start())
            limit = sensor.Limit;
        using Socket listener = Listen();
        onReady();
        try
        {
            while (true)
                Admit(await listener.AcceptAsync(stop), limit);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to.
        }
        finally
        {
            foreach (SensorClient client in Clients())
                Leave(client);
            File.Delete(path);
        }
    }

    private Socket Listen()
    {
        // systemd makes the folder for the unit; one that root starts by hand makes it here. A socket left behind by one that was killed is replaced.
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, (UnixFileMode)0b111_101_101);
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));

        // Everybody may ask; what they are told depends on who they are.
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        listener.Listen(16);
        return listener;
    }

    private void Admit(Socket socket, string? limit)
    {
        if (PeerReader.Read(socket) is not { } peer)
        {
            socket.Dispose();
            return;
        }

        socket.Blocking = false;
        var client = new SensorClient(socket, peer.Uid);
        lock (_lock)
        {
            if (_clients.Count >= MostClients || _clients.Count(other => other.Uid == client.Uid) >= MostOfOneUser)
            {
                client.Dispose();
                return;
            }

            // What it is told from here on is complete, so it is greeted last.
            _clients.Add(client);
            _relay ??= new SensorRelay(Clients);
            client.Greet(limit);
        }

        _ = FollowAsync(client);
    }

    // A watcher says nothing; that there is something to read means that it has gone, or is none of ours.
    private async Task FollowAsync(SensorClient client)
    {
        try
        {
            await client.Socket.ReceiveAsync(new byte[1], SocketFlags.None);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Gone.
        }

        Leave(client);
    }

    private void Leave(SensorClient client)
    {
        SensorRelay? idle = null;
        lock (_lock)
        {
            if (_clients.Remove(client) && _clients.Count == 0)
                (idle, _relay) = (_relay, null);
        }

        idle?.Dispose();
        client.Dispose();
    }

    private SensorClient[] Clients()
    {
        lock (_lock)
            return [.. _clients];
    }
}
