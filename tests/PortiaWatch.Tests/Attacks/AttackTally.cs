using System.Globalization;

namespace PortiaWatch.Tests.Attacks;

/// <summary>Counts what was tried against a real Portia and what it withstood. The figure goes to the file of figures that the test script shows.</summary>
public sealed class AttackTally : IDisposable
{
    private int _tried;
    private int _repelled;

    /// <summary>Counts an attack; it succeeded unless <see cref="Repelled"/> is called.</summary>
    public void Try() => Interlocked.Increment(ref _tried);

    public void Repelled() => Interlocked.Increment(ref _repelled);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("PORTIA_FIGURES") is { Length: > 0 } figures)
            File.AppendAllText(figures, string.Create(CultureInfo.InvariantCulture, $"attacks tried: {_tried}, succeeded: {_tried - _repelled}\n"));
    }
}
