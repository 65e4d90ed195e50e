using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Benchmarks;

/// <summary>A storm of repeats of one failure, and a storm of distinct endpoints.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class DebouncerBenchmarks
{
    private const int Sightings = 100_000;

    private readonly Sighting[] _repeats = [.. Enumerable.Repeat(Of(3000), Sightings)];
    private readonly Sighting[] _distinct = [.. Enumerable.Range(0, Sightings).Select(i => Of((i % 65535) + 1))];

    [Benchmark(OperationsPerInvoke = Sightings)]
    public int Repeats() => Run(_repeats);

    [Benchmark(OperationsPerInvoke = Sightings)]
    public int Distinct() => Run(_distinct);

    private static int Run(Sighting[] sightings)
    {
        int collisions = 0;
        using var input = new Subject<Sighting>();
        using IDisposable output = new Debouncer(TimeSpan.FromSeconds(5), new HistoricalScheduler()).Debounce(input).Subscribe(_ => collisions++);
        foreach (Sighting sighting in sightings)
            input.OnNext(sighting);
        input.OnCompleted();
        return collisions;
    }

    private static Sighting Of(int port) => new()
    {
        Record = new LogRecord { Text = default, Source = "bench", Trust = Trust.Text, Time = default, ReadAt = default },
        Kind = SightingKind.Collision,
        Endpoint = new Endpoint { Transport = Transport.Tcp, Port = port },
        Pattern = "bench",
        Text = "",
    };
}
