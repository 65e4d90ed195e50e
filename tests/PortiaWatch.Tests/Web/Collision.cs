using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Web;

/// <summary>A real server on a port, a watcher that reads a log, and another program that is really refused and says so there.</summary>
internal sealed class Collision : IAsyncDisposable
{
    private const string Configuration = """
        { "sources": { "kernel": false, "systemLog": false, "files": ["LOG"] },
          "rules": [ { "name": "not this one", "ports": [1], "action": "kill" }, { "name": "all others", "action": "log" } ] }
        """;

    private readonly TemporaryFolder _folder;
    private readonly string _log;

    private Collision(TemporaryFolder folder, Server server, int port, string log)
    {
        _folder = folder;
        _log = log;
        Server = server;
        Port = port;
    }

    public Server Server { get; }

    public int Port { get; }

    public Watcher? Watcher { get; private set; }

    /// <param name="folder">Stays the caller's; the session too.</param>
    /// <param name="name">Of the server's program file, which the kernel takes for its name (15 bytes of it).</param>
    public static async Task<Collision> PrepareAsync(TemporaryFolder folder, string name = "shop-server")
    {
        Server.Requires("python3");
        int port = Server.FreePort();
        string program = folder.Write(name, $"""
            #!/usr/bin/python3
            import socket
            s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", {port})); s.listen()
            print("ready", flush=True)
            while True: s.accept()
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new Collision(folder, await Server.Start(folder.Path, program).PrintsAsync("ready"), port, folder.Write("app.log", ""));
    }

    public async Task<Watcher> WatchAsync()
    {
        Watcher = await Watcher.StartAsync(_folder, Configuration.Replace("LOG", _log, StringComparison.Ordinal));
        await Watcher.WaitForAsync(status => status.GetProperty("sources").EnumerateArray().Any(source => source.GetProperty("name").GetString() == "file"
            && source.GetProperty("state").GetString() == "running"));
        return Watcher;
    }

    /// <summary>Somebody wants the port, is refused, and writes what node writes.</summary>
    public async Task HappenAsync()
    {
        string script = _folder.Write("late.py", $"""
            import socket
            try:
                socket.socket().bind(("127.0.0.1", {Port}))
            except OSError as error:
                assert error.errno == 98 or error.errno == 48
                with open("{_log}", "a") as log:
                    log.write("Error: listen EADDRINUSE: address already in use 127.0.0.1:{Port}\n")
            """);
        await using Server refused = Server.Start(_folder.Path, "/usr/bin/python3", script);
        Assert.Equal(0, await refused.WaitForExitAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (Watcher is { } watcher)
            await watcher.DisposeAsync();
        await Server.DisposeAsync();
    }
}
