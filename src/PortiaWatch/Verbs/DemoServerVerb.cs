using System.CommandLine;
using System.Net;
using System.Net.Sockets;

namespace PortiaWatch.Verbs;

/// <summary>The small server that <c>demo</c> starts: listens on loopback until its standard input ends, and fails as servers do.</summary>
internal static class DemoServerVerb
{
    public const string Name = "demo-server";

    /// <summary>What it prints once it listens.</summary>
    public const string Ready = "listening";

    private static readonly Argument<int> Port = new("PORT");

    public static Command Create()
    {
        var command = new Command(Name, "The server that demo starts.") { Port };
        command.Hidden = true;
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var stop = new StopRequest();
        int port = parsed.GetRequiredValue(Port);
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
        }
        catch (SocketException error)
        {
            await Console.Error.WriteLineAsync($"demo-server: listen tcp 127.0.0.1:{port}: bind: {error.Message.ToLowerInvariant()}");
            return 1;
        }

        await Console.Out.WriteLineAsync($"{Ready} on 127.0.0.1:{port}");
        await using Stream input = Console.OpenStandardInput();

        // A read of a silent pipe cannot be cancelled; on SIGTERM the server ends without it, at once, as a good server does.
        await Task.WhenAny(input.CopyToAsync(Stream.Null, CancellationToken.None), Task.Delay(Timeout.Infinite, stop.Token));
        return 0;
    }
}
