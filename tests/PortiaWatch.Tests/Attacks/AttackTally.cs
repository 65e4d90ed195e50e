using System.Globalization;

namespace PortiaWatch.Tests.Attacks;

/// <summary>Counts what was tried against a real Portia and what it withstood. The figure stands in a file beside the tests, where the test script finds it.</summary>
public sealed class AttackTally : IDisposable
{
    private int _tried;
    private int _repelled;

    public static string Figure { get; } = Path.Combine(AppContext.BaseDirectory, "attacks.txt");

    /// <summary>Counts an attack; it succeeded unless <see cref="Repelled"/> is called.</summary>
    public void Try() => Interlocked.Increment(ref _tried);

    public void Repelled() => Interlocked.Increment(ref _repelled);

    public void Dispose() =>
        File.WriteAllText(Figure, string.Create(CultureInfo.InvariantCulture, $"attacks tried: {_tried}, succeeded: {_tried - _repelled}\n"));
}
