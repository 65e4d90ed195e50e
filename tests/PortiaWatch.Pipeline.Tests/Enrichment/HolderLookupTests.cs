using NSubstitute;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Tests.Enrichment;

public sealed class HolderLookupTests
{
    private static readonly Endpoint s_endpoint = new() { Transport = Transport.Tcp, Address = "127.0.0.1", Port = 3000 };

    [Theory]
    [InlineData(SocketUse.TimeWait, null)]
    [InlineData(SocketUse.Listening, "root")]
    public void Find_RowThatTheKernelCallsRoots_BelongsToRootUnlessTheConnectionIsOver(SocketUse use, string? user)
    {
        ISocketTable sockets = Substitute.For<ISocketTable>();
        IProcessTable processes = Substitute.For<IProcessTable>();
        processes.UserName(0).Returns("root");
        sockets.Blocking(s_endpoint, null).Returns(new Occupancy { State = use == SocketUse.TimeWait ? PortState.TimeWait : PortState.Held, Owners = [new SocketOwner { Endpoint = s_endpoint, Use = use, Socket = 0, Uid = 0 }] });

        Holder holder = Assert.Single(new HolderLookup(sockets, processes, (_, _) => null, (_, _) => null).Find(s_endpoint, contenderPid: null).Holders);

        Assert.Equal((user, user is null ? null : 0u), (holder.User, holder.Uid));
    }
}
