using System.Runtime.Versioning;
using BenchmarkDotNet.Attributes;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Darwin.Sockets;
using PortiaWatch.Darwin.Tests.Support;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Benchmarks;

/// <summary>
/// Who holds a port on a Mac with 10,000 sockets in 1,000 processes, on the stand-in libSystem: the cost of our own work, without the kernel's. And the parser alone.
/// </summary>
[InProcess]
[MemoryDiagnoser]
[SupportedOSPlatform("macos")]
public class DarwinLookupBenchmarks : IDisposable
{
    private const int Processes = 1000;
    private const int SocketsEach = 10;
    private const int FirstPort = 20_000;
    private const int WantedPort = FirstPort + Processes * SocketsEach / 2;

    private readonly SocketTable _table = new(new MachNames(_ => null, World.User));
    private readonly Endpoint _wanted = new() { Transport = Transport.Tcp, Port = WantedPort };
    private World? _world;
    private byte[] _stream = [];

    [GlobalSetup]
    public void Populate()
    {
        _world = new World();
        for (int i = 0; i < Processes; i++)
        {
            _world.Process(1000 + i);
            for (int n = 0; n < SocketsEach; n++)
                _world.Open(1000 + i, n, _world.Socket("127.0.0.1", FirstPort + i * SocketsEach + n, lastPid: 1000 + i));
        }

        _ = libSystem.sysctlbyname("net.inet.tcp.pcblist_n", [], out int needed);
        byte[] buffer = new byte[needed];
        _ = libSystem.sysctlbyname("net.inet.tcp.pcblist_n", buffer, out int length);
        _stream = buffer[..length];
        Console.WriteLine($"// {length / 1e6:0.00} MB of control blocks");
    }

    [GlobalCleanup]
    public void Dispose() => _world?.Dispose();

    [Benchmark]
    public Occupancy LookupByPort() => _table.Blocking(_wanted);

    /// <summary>Divide the size printed at the start by this.</summary>
    [Benchmark]
    public int ParseForOnePort()
    {
        int found = 0;
        PcblistReader reader = new(_stream, Transport.Tcp);
        while (reader.Read())
        {
            if (reader.LocalPort == WantedPort)
                found++;
        }

        return found;
    }

    [Benchmark]
    public int ParseAll()
    {
        int found = 0;
        PcblistReader reader = new(_stream, Transport.Tcp);
        while (reader.Read())
            found += reader.Current().LocalPort > 0 ? 1 : 0;
        return found;
    }
}
