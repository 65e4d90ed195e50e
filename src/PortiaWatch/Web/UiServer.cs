using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace PortiaWatch.Web;

/// <summary>Kestrel on a loopback port that the system picks, and nothing else of ASP.NET: no host, no container, no configuration, no log.</summary>
internal sealed class UiServer : IAsyncDisposable
{
    private const int LargestRequest = 64 * 1024;
    private const int MostConnections = 64;

    // A page that is open has a stream that never ends by itself.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private KestrelServer? _server;

    public UiServer() => _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Known before anybody is served.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async Task StartAsync(IHttpApplication<HttpContext> application, CancellationToken cancellation)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = LargestRequest;
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Listen(IPAddress.Loopback, Port, listen => listen.Protocols = HttpProtocols.Http1);
        var sockets = new SocketTransportOptions { CreateBoundListenSocket = _ => _listener };
        _server = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
        await _server.StartAsync(application, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            using var patience = new CancellationTokenSource(LastWords);
            await server.StopAsync(patience.Token);
            server.Dispose();
        }

        _listener.Dispose();
    }
}
