namespace PortiaWatch.Darwin.Tests.Support;

/// <summary>Needs a real Mac.</summary>
internal sealed class MacFactAttribute : FactAttribute
{
    public MacFactAttribute() => Skip = OperatingSystem.IsMacOS() ? null : "needs a Mac";
}
