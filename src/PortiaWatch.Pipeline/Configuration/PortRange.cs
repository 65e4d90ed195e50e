using System.Globalization;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Inclusive on both ends; a single port has both equal.</summary>
public readonly record struct PortRange(int First, int Last)
{
    public bool Contains(int port) => port >= First && port <= Last;

    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
