using Microsoft.Win32.SafeHandles;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.SystemSensor;

/// <summary>A thread that takes events out of the ring and tells them to whoever is connected, for as long as there is anybody.</summary>
internal sealed class SensorRelay : IDisposable
{
    // As many as are handed on before it is looked who has come or gone.
    private const int MostAtOnce = 256;

    private readonly Sensor _sensor = Sensor.Start();
    private readonly Func<IReadOnlyList<SensorClient>> _clients;
    private readonly SafeFileHandle _stop = Libc.eventfd_create();
    private readonly Thread _thread;
    private volatile bool _isStopping;

    /// <summary>Everything from here on is seen. Throws what <see cref="Sensor.Start"/> throws.</summary>
    public SensorRelay(Func<IReadOnlyList<SensorClient>> clients)
    {
        _clients = clients;
        _thread = new Thread(Run) { IsBackground = true, Name = "sensor relay" };
        _thread.Start();
    }

    /// <summary>Nothing is attached any more when this returns.</summary>
    public void Dispose()
    {
        _isStopping = true;
        Libc.eventfd_signal(_stop);
        _thread.Join();
        _stop.Dispose();
        _sensor.Dispose();
    }

    private void Run()
    {
        using SafeFileHandle ready = Libc.epoll_create();
        Libc.epoll_add(ready, _sensor.Readable);
        Libc.epoll_add(ready, _stop);
        byte[] buffer = new byte[SensorProtocol.MaxPacketBytes];
        while (!_isStopping)
        {
            Libc.epoll_wait(ready);
            IReadOnlyList<SensorClient> clients = _clients();
            for (int i = 0; i < MostAtOnce && _sensor.TryRead(buffer, out int length); i++)
            {
                if (length < EventLayout.HeadBytes)
                    continue;
                foreach (SensorClient client in clients)
                    client.Tell(buffer.AsSpan(0, length));
            }

            foreach (SensorClient client in clients)
                client.TellLosses(_sensor.Dropped);
        }
    }
}
