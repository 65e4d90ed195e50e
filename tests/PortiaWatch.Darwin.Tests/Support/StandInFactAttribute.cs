namespace PortiaWatch.Darwin.Tests.Support;

/// <summary>Runs against the stand-in libSystem, which is built on Linux.</summary>
internal sealed class StandInFactAttribute : FactAttribute
{
    public StandInFactAttribute() => Skip = OperatingSystem.IsMacOS() ? "the stand-in is for Linux; here the real system is tested" : null;
}
