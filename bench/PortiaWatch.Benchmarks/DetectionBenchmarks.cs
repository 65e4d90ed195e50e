using System.Text;
using BenchmarkDotNet.Attributes;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Benchmarks;

/// <summary>A buffer of ordinary lines, which costs one sweep, and a storm of hits.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class DetectionBenchmarks
{
    private const int Lines = 2000;

    private readonly LogRecord _quiet = Of("10.0.3.4 - - \"GET /api/users HTTP/1.1\" 200 512\n[vite] hmr update /src/queue/render.tsx\n");
    private readonly LogRecord _storm = Of("Error: listen EADDRINUSE: address already in use :::3000\nGET /health 200 in 2ms\n");
    private readonly List<Sighting> _found = [];

    [Benchmark]
    public int Quiet() => Run(_quiet);

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Storm() => Run(_storm);

    private int Run(LogRecord record)
    {
        _found.Clear();
        var detector = new Detector();
        detector.Detect(record, _found);
        detector.Complete(_found);
        return _found.Count;
    }

    private static LogRecord Of(string lines) => new()
    {
        Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(lines, Lines))),
        Source = "bench",
        Trust = Trust.Text,
        Time = default,
        ReadAt = default,
        Number = 1,
    };
}
