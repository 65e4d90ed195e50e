namespace PortiaWatch.Pipeline.Detection;

/// <summary>One writer within one source.</summary>
internal readonly record struct StreamKey(string Source, string Stream)
{
    public static IEqualityComparer<StreamKey> Comparer { get; } = new Equality();

    // Compiled ahead of time, which the framework's default for a structure is not.
    private sealed class Equality : IEqualityComparer<StreamKey>
    {
        public bool Equals(StreamKey x, StreamKey y) => x.Stream == y.Stream && x.Source == y.Source;

        public int GetHashCode(StreamKey obj) => obj.Stream.GetHashCode(StringComparison.Ordinal) ^ obj.Source.GetHashCode(StringComparison.Ordinal);
    }
}
