namespace PortiaWatch.Darwin.Tests.Support;

/// <inheritdoc cref="StandInFactAttribute"/>
internal sealed class StandInTheoryAttribute : TheoryAttribute
{
    public StandInTheoryAttribute() => Skip = OperatingSystem.IsMacOS() ? "the stand-in is for Linux; here the real system is tested" : null;
}
