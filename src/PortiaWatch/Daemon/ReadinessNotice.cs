using System.Net.Sockets;
using System.Text;

namespace PortiaWatch.Daemon;

/// <summary>Tells a service manager that asked for it (Type=notify) how the watcher stands: sd_notify(3) without the library. Does nothing where nobody asked.</summary>
internal sealed class ReadinessNotice(string? socket)
{
    private const string Variable = "NOTIFY_SOCKET";

    /// <summary>The manager of this process. Its address is forgotten, so that no program of ours can speak in our name.</summary>
    public static ReadinessNotice FromEnvironment()
    {
        string? socket = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);
        return new ReadinessNotice(socket);
    }

    public void Ready(string status) => Send($"READY=1\nSTATUS={status.ReplaceLineEndings(" ")}");

    public void Stopping() => Send("STOPPING=1");

    private void Send(string state)
    {
        // A path, or a name in the abstract namespace, which begins with "@". Others (vsock) are for virtual machines.
        if (socket is not { Length: > 1 } || socket[0] is not ('/' or '@'))
            return;
        try
        {
            using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            manager.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(socket[0] == '@' ? "\0" + socket[1..] : socket));
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            // A manager that does not listen any more is not waiting either.
        }
    }
}
