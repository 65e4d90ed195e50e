namespace PortiaWatch.Pipeline.Detection;

/// <summary>Lines of the same program just before a block. They may name the endpoint, never the error; most blocks never ask, so they are read only then.</summary>
internal sealed class Context(Func<IReadOnlyList<Line>> read)
{
    private readonly Lazy<IReadOnlyList<Line>> _lines = new(read, LazyThreadSafetyMode.None);

    public static Context None { get; } = new(() => []);

    public IReadOnlyList<Line> Lines => _lines.Value;
}
