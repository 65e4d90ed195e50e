using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Tests;

public sealed class DarwinPlatformTests
{
    [Fact]
    public void Create_CapabilityMissing_SaysWhy()
    {
        Platform platform = DarwinPlatform.Create(Path.GetTempPath());

        foreach (Capability capability in Enum.GetValues<Capability>().Where(c => c != Capability.None && !platform.Capabilities.Has(c)))
            Assert.EndsWith(".", platform.Capabilities.Limits[capability]);
    }

    [Fact]
    public void Blocking_TableNotReadable_IsUnknownNeverFree()
    {
        Platform platform = DarwinPlatform.Create(Path.GetTempPath());

        if (!platform.Capabilities.Has(Capability.ReadSocketTable))
            Assert.Equal(PortState.Unknown, platform.Sockets.Blocking(new Endpoint { Port = 3000 }).State);
    }
}
