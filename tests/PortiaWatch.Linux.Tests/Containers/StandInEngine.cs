using System.Net.Sockets;
using System.Text;
using PortiaWatch.Linux.Containers;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Containers;

/// <summary>A socket that answers as an engine would on a bad day; the real one is met in PortiaWatch.Tests.</summary>
internal sealed class StandInEngine : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Thread _serving;

    /// <param name="answer">To the first line of a request; null says nothing at all.</param>
    /// <param name="kind">Of the engine.</param>
    public StandInEngine(Func<string, byte[]?> answer, string kind = "docker")
    {
        Engine = new ContainerEngine(kind, _folder["engine.sock"]);
        _listener.Bind(new UnixDomainSocketEndPoint(Engine.Socket));
        _listener.Listen();

        // Not the pool's: the code under test blocks.
        _serving = new Thread(() => Serve(answer)) { IsBackground = true };
        _serving.Start();
    }

    private volatile bool _stopping;

    public ContainerEngine Engine { get; }

    public List<string> Requests { get; } = [];

    public static byte[] Ok(string body, string status = "200 OK") => Encoding.UTF8.GetBytes($"HTTP/1.0 {status}\r\nContent-Type: application/json\r\n\r\n{body}");

    public void Dispose()
    {
        // A connection that nobody answers wakes the thread; the listener's end alone would not.
        _stopping = true;
        using (var last = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            last.Connect(new UnixDomainSocketEndPoint(Engine.Socket));
        _serving.Join();
        _listener.Dispose();
        _folder.Dispose();
    }

    private void Serve(Func<string, byte[]?> answer)
    {
        var open = new List<Socket>();
        while (true)
        {
            Socket client = _listener.Accept();
            open.Add(client);
            if (_stopping)
                break;
            byte[] buffer = new byte[4096];
            string request = Encoding.ASCII.GetString(buffer, 0, client.Receive(buffer)).Split(" HTTP/", 2)[0];
            Requests.Add(request);
            if (answer(request) is not { } bytes)
                continue;
            client.Send(bytes);
            client.Dispose();
        }

        open.ForEach(client => client.Dispose());
    }
}
