using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PortiaWatch.Linux.Journald;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Journald;

/// <summary>The whole way: a program whose output goes to a real journald, as a service's does, fails to bind, and journalctl tells us.</summary>
public sealed class JournaldTests
{
    private const string Service = """
        import os, socket, sys
        journal = socket.socket(socket.AF_UNIX)
        journal.connect(sys.argv[1])
        journal.sendall(b"web\n\n6\n0\n0\n0\n0\n")
        os.dup2(journal.fileno(), 1)
        os.dup2(journal.fileno(), 2)
        import asyncio
        asyncio.run(asyncio.start_server(lambda r, w: None, "127.0.0.1", int(sys.argv[2])))
        """;

    [SkippableFact]
    public async Task ReadAsync_ServiceThatFailsToBind_IsSeenThroughRotationAndRestart()
    {
        using var journald = new JournaldNamespace();
        await journald.StartAsync();
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        await using var reading = new SourceReading(new JournalSource(journald.StateFolder, TimeProvider.System, journald.Arguments));
        await reading.UntilStateAsync(SourceState.Running);

        var first = await CollideAsync(journald, port);
        await reading.UntilAsync(r => Collisions(r).Any(c => c.Sender?.Pid == first), "the first collision is there");
        journald.Rotate();
        var second = await CollideAsync(journald, port);
        await reading.UntilAsync(r => Collisions(r).Any(c => c.Sender?.Pid == second), "the collision after the rotation is there");
        journald.Stop();
        await journald.StartAsync();
        var third = await CollideAsync(journald, port);
        await reading.UntilAsync(r => Collisions(r).Any(c => c.Sender?.Pid == third), "the collision after the restart is there");

        Assert.Equal([first, second, third], Collisions(reading).Select(c => c.Sender!.Pid));
        Assert.All(Collisions(reading), c => Assert.Equal((Trust.System, 0u), (c.Trust, c.Sender!.Uid)));
        Assert.All(Collisions(reading), c => Assert.Contains(port.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(c.Text.Span), StringComparison.Ordinal));
    }

    private static IEnumerable<LogRecord> Collisions(SourceReading reading) =>
        reading.Records.Where(record => Encoding.UTF8.GetString(record.Text.Span).Contains("address already in use", StringComparison.Ordinal));

    private static async Task<int> CollideAsync(JournaldNamespace journald, int port)
    {
        using var service = Child.Python(Service, journald.StandardOutputSocket, port.ToString(CultureInfo.InvariantCulture));
        var pid = service.Pid;
        Assert.Equal(1, await service.ExitAsync());
        return pid;
    }
}
