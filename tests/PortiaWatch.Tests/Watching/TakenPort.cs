using System.Net;
using System.Net.Sockets;

namespace PortiaWatch.Tests.Watching;

/// <summary>A port of this machine that the test's own process listens on.</summary>
internal sealed class TakenPort : IDisposable
{
    private readonly Socket _socket;

    public TakenPort(string address)
    {
        IPAddress where = IPAddress.Parse(address);
        _socket = new Socket(where.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(new IPEndPoint(where, 0));
        _socket.Listen();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
