using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PortiaWatch.Tests.Support;

/// <summary>A running watcher in a session of the test's own. It reads nothing but what is reported to its socket.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private const string LogEverything = """{ "sources": { "kernel": false, "systemLog": false }, "rules": [ { "action": "log" } ] }""";

    private readonly TemporaryFolder _folder;

    private Watcher(TemporaryFolder folder, Portia portia)
    {
        _folder = folder;
        Portia = portia;
    }

    public Portia Portia { get; }

    /// <summary>For <c>XDG_RUNTIME_DIR</c>.</summary>
    public string Session => _folder.Path;

    public string Socket => SocketIn(Session);

    public static string SocketIn(string session) => Path.Combine(session, "portia", "control.sock");

    /// <param name="folder">Stays the caller's.</param>
    /// <param name="configuration">As JSON; by default every incident is only logged.</param>
    /// <param name="arguments">Of <c>watch</c>.</param>
    public static async Task<Watcher> StartAsync(TemporaryFolder folder, string configuration = LogEverything, params string[] arguments)
    {
        string file = folder.Write("watcher.json", configuration);
        Portia portia = Portia.StartIn(folder.Path, ["watch", "--json", "--config", file, .. arguments]);
        await portia.WaitForMessageAsync("Source hook is running");
        return new Watcher(folder, portia);
    }

    /// <summary>Sends bytes as they are and reads the first line of the answer; null when there is none.</summary>
    public static async Task<string?> SendAsync(string session, byte[] bytes)
    {
        using Socket client = await ConnectAsync(session);
        try
        {
            await client.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Cut off in the middle; there may be an answer all the same.
        }

        return await ReadLineAsync(client);
    }

    public Task<string?> SendAsync(string line) => SendAsync(Session, Encoding.UTF8.GetBytes(line + "\n"));

    public async Task<JsonElement> StatusAsync() => JsonDocument.Parse(await SendAsync("""{"schema":"portia.request/1","do":"status"}""") ?? "").RootElement;

    /// <summary>Asks until it is so.</summary>
    public async Task<JsonElement> WaitForAsync(Func<JsonElement, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            JsonElement status = await StatusAsync();
            if (isSo(status))
                return status;
            await Task.Delay(30, patience.Token);
        }
    }

    public static async Task<Socket> ConnectAsync(string session)
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(SocketIn(session)));
        return client;
    }

    public static async Task<string?> ReadLineAsync(Socket client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var line = new List<byte>();
        byte[] one = new byte[1];
        while (await client.ReceiveAsync(one, patience.Token) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return line.Count > 0 ? Encoding.UTF8.GetString([.. line]) : null;
    }

    public ValueTask DisposeAsync() => Portia.DisposeAsync();
}
