using NSubstitute;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Find_HolderThatStartsAProgram_IsOneHolder(bool hasExecuted)
    {
        ISocketTable sockets = Substitute.For<ISocketTable>();
        IProcessTable processes = Substitute.For<IProcessTable>();
        ProcessFacts holder = Some.Process(77, "node"), started = Some.Process(78, "node");
        processes.Describe(77).Returns(holder);
        processes.Describe(78).Returns(hasExecuted ? started with { Identity = started.Identity with { Image = 4711 } } : null);

        // It has its parent's descriptors until it executes.
        sockets.Blocking(s_endpoint, null).Returns(Held(holder, started), Held(holder));

        Holder only = Assert.Single(new HolderLookup(sockets, processes, (_, _) => null, (_, _) => null).Find(s_endpoint, contenderPid: null).Holders);

        Assert.Equal(holder, only.Process);
    }

    private static Occupancy Held(params ProcessFacts[] owners) => new()
    {
        State = PortState.Held,
        Owners = [.. owners.Select(facts => new SocketOwner { Endpoint = s_endpoint, Use = SocketUse.Listening, Socket = 9, Uid = 0, Process = facts.Identity, Descriptor = 3 })],
    };
}
