using PortiaWatch.Linux.Processes;
using PortiaWatch.Linux.Sockets;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Sockets;

public sealed class RelativePathTests
{
    [Fact]
    public void Blocking_RelativePathOfNobody_IsUnknown()
    {
        using SocketTable table = new(new ProcessTable(TimeProvider.System), TimeProvider.System);

        Occupancy occupancy = table.Blocking(new Endpoint { Transport = Transport.Unix, Path = "./nowhere.sock" });

        Assert.Equal(PortState.Unknown, occupancy.State);
        Assert.NotNull(occupancy.Limit);
    }

    [Fact]
    public void Blocking_ContenderWhoseRootCannotBeRead_IsUnknownAndNotLookedUpInOurs()
    {
        using SocketTable table = new(new ProcessTable(TimeProvider.System), TimeProvider.System);

        Occupancy occupancy = table.Blocking(new Endpoint { Transport = Transport.Unix, Path = "/etc/passwd" }, int.MaxValue);

        Assert.Equal(PortState.Unknown, occupancy.State);
    }
}
