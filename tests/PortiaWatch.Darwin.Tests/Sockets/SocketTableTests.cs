using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Darwin.Sockets;
using PortiaWatch.Darwin.Tests.Support;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Tests.Sockets;

[Collection(World.Collection)]
public sealed class SocketTableTests : IDisposable
{
    private readonly World _world = new();
    private readonly Dictionary<string, string> _launchd = [];
    private readonly SocketTable _table;

    public SocketTableTests() => _table = new SocketTable(new MachNames(target => _launchd.GetValueOrDefault(target), World.User));

    public void Dispose() => _world.Dispose();

    [StandInFact]
    public void Blocking_HintRight_NamesTheHolder()
    {
        _world.Process(4242);
        ulong socket = _world.Open(4242, 20, _world.Socket("127.0.0.1", 3000, lastPid: 4242));

        Occupancy occupancy = _table.Blocking(On(3000));
        SocketOwner owner = Assert.Single(occupancy.Owners);
        Assert.Equal((PortState.Held, null), (occupancy.State, occupancy.Limit));
        Assert.Equal((4242, 20, socket, SocketUse.Listening), (owner.Process?.Pid, owner.Descriptor, owner.Socket, owner.Use));
        Assert.Equal(new Endpoint { Transport = Transport.Tcp, Address = "127.0.0.1", Port = 3000 }, owner.Endpoint);
    }

    [StandInFact]
    public void Blocking_HintRight_AsksTheHintedProcessFirst()
    {
        List<int> order = [];
        for (int pid = 100; pid < 110; pid++)
            _world.Process(pid);
        _world.Open(105, 3, _world.Socket("127.0.0.1", 3000, lastPid: 105));
        _world.OnCall = (call, pid, flavour) =>
        {
            if (call == "proc_pidinfo" && flavour == 1)
                order.Add(pid);
        };

        _table.Blocking(On(3000));
        Assert.Equal(105, order[0]);
        Assert.Equal(10, order.Count);
    }

    [StandInFact]
    public void Blocking_PreForkServer_NamesEveryHolder()
    {
        foreach (int pid in (int[])[700, 701, 702, 703])
            _world.Process(pid, parent: pid == 700 ? 1 : 700);
        ulong socket = _world.Socket("0.0.0.0", 8000, lastPid: 702);
        foreach (int pid in (int[])[700, 701, 702, 703])
            _world.Open(pid, 5, socket);

        Assert.Equal([700, 701, 702, 703], _table.Blocking(On(8000)).Owners.Select(o => o.Process!.Pid).Order());
    }

    [StandInFact]
    public void Blocking_BinderPassedTheDescriptorAndExited_NamesWhoHasItNow()
    {
        _world.Process(901);
        _world.Open(901, 7, _world.Socket("127.0.0.1", 3000, lastPid: 900));

        Assert.Equal(901, Assert.Single(_table.Blocking(On(3000)).Owners).Process?.Pid);
    }

    [StandInFact]
    public void Blocking_HintedPidRecycled_IsNeverNamedAsHolder()
    {
        _world.Process(900, "innocent");
        _world.Open(900, 3, _world.Socket("127.0.0.1", 9999, lastPid: 900));
        _world.Socket("127.0.0.1", 3000, lastPid: 900);

        Occupancy occupancy = _table.Blocking(On(3000));
        Assert.Equal(PortState.Held, occupancy.State);
        Assert.Null(Assert.Single(occupancy.Owners).Process);
        Assert.NotNull(occupancy.Limit);
    }

    [StandInFact]
    public void Blocking_SocketParkedInFileport_NamesItsProcess()
    {
        _world.Process(77);
        _world.Park(77, 0x1203, _world.Socket("127.0.0.1", 3000, lastPid: 76));

        SocketOwner owner = Assert.Single(_table.Blocking(On(3000)).Owners);
        Assert.Equal((77, null), (owner.Process?.Pid, owner.Descriptor));
        Assert.True(_table.StillHolds(owner));
    }

    [StandInFact]
    public void Blocking_AnotherUsersProcess_SaysWhoseAndNamesNobody()
    {
        _world.Process(300, "postgres", uid: 0);
        _world.Open(300, 3, _world.Socket("127.0.0.1", 5432, lastPid: 300, uid: 0));

        Occupancy occupancy = _table.Blocking(On(5432));
        SocketOwner owner = Assert.Single(occupancy.Owners);
        Assert.Equal((PortState.Held, null, 0u), (occupancy.State, owner.Process, owner.Uid));
        Assert.Contains("another user's process (root); postgres (pid 300) used it last", occupancy.Limit);
        Assert.Contains("sudo portia who 5432", occupancy.Limit);
    }

    [StandInFact]
    public void Blocking_SetuidRootProgramOfOurs_IsNotInspectableAndSaysSo()
    {
        _world.Process(300, "helper", uid: 0, real: World.User, saved: 0);
        _world.Open(300, 3, _world.Socket("127.0.0.1", 80, lastPid: 300, uid: 0));

        Occupancy occupancy = _table.Blocking(On(80));
        Assert.Null(Assert.Single(occupancy.Owners).Process);
        Assert.Contains("helper (pid 300)", occupancy.Limit);
    }

    [StandInFact]
    public void Blocking_LaunchdSocketAlsoOpenInItsJob_NamesTheJobAndLaunchd()
    {
        _world.Process(1, "launchd", parent: 0, uid: 0);
        _world.Process(450, "myserver");
        ulong socket = _world.Socket("*", 8080, lastPid: 1, uid: 0);
        _world.Open(1, 9, socket);
        _world.Open(450, 4, socket);

        Occupancy occupancy = _table.Blocking(On(8080));
        Assert.Equal([450, null], occupancy.Owners.Select(o => o.Process?.Pid));
        Assert.Equal("launchd", occupancy.Owners[1].Unit);
        Assert.Contains("launchd holds the same socket", occupancy.Limit);
    }

    [StandInFact]
    public void Blocking_KernelSocket_SaysThatThereIsNoProcess()
    {
        _world.Socket("0.0.0.0", 2049, lastPid: 0, uid: 0);

        Assert.Contains("(the kernel)", _table.Blocking(On(2049)).Limit);
    }

    [StandInFact]
    public void Blocking_UserSpaceFlow_NamesTheHintOnlyInWords()
    {
        _world.Process(88, "Proxy");
        _world.UserSpaceFlow("127.0.0.1", 3000, lastPid: 88);

        Occupancy occupancy = _table.Blocking(On(3000));
        SocketOwner owner = Assert.Single(occupancy.Owners);
        Assert.Equal((null, (uint?)null), (owner.Process, owner.Uid));
        Assert.Contains("Proxy (pid 88) holds the port through macOS's user-space network stack", occupancy.Limit);
    }

    [StandInFact]
    public void Blocking_OnlyTimeWait_SaysSoWithoutOwner()
    {
        _world.Process(42);
        _world.Socket("127.0.0.1", 3000, lastPid: 42, state: World.TimeWait, remotePort: 50000);

        Occupancy occupancy = _table.Blocking(On(3000));
        Assert.Equal(PortState.TimeWait, occupancy.State);
        Assert.Equal((null, SocketUse.TimeWait, 0ul), (occupancy.Owners[0].Process, occupancy.Owners[0].Use, occupancy.Owners[0].Socket));
        Assert.Contains("TIME_WAIT", occupancy.Limit);
    }

    [StandInFact]
    public void Blocking_ListenerWithConnections_NamesOnlyTheListener()
    {
        _world.Process(42);
        _world.Process(43, "browser");
        ulong listener = _world.Open(42, 3, _world.Socket("127.0.0.1", 3000, lastPid: 42));
        _world.Open(42, 4, _world.Socket("127.0.0.1", 3000, lastPid: 42, state: World.Established, remotePort: 50000));
        _world.Open(43, 4, _world.Socket("127.0.0.1", 50000, lastPid: 43, state: World.Established, remotePort: 3000));
        _world.PutInAcceptQueue(_world.Socket("127.0.0.1", 3000, lastPid: 42, state: World.Established, remotePort: 50001));

        Assert.Equal(listener, Assert.Single(_table.Blocking(On(3000)).Owners).Socket);
    }

    [StandInFact]
    public void Blocking_ConnectionThatOutlivedItsListener_IsNamed()
    {
        _world.Process(42);
        _world.Open(42, 4, _world.Socket("127.0.0.1", 3000, lastPid: 42, state: World.Established, remotePort: 50000));

        Assert.Equal(SocketUse.Connected, Assert.Single(_table.Blocking(On(3000)).Owners).Use);
    }

    [StandInTheory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "0.0.0.0", true)]
    [InlineData("127.0.0.1", "*", true)]
    [InlineData("127.0.0.1", "::1", false)]
    [InlineData("127.0.0.1", "192.168.1.7", false)]
    [InlineData("0.0.0.0", "192.168.1.7", true)]
    [InlineData("0.0.0.0", "*", true)]
    [InlineData("0.0.0.0", "::1", false)]
    [InlineData("::", "::1", true)]
    [InlineData("::", "*", true)]
    [InlineData("::", "0.0.0.0", false)]
    [InlineData("::1", "*", true)]
    [InlineData("::1", "127.0.0.1", false)]
    [InlineData("localhost", "::1", true)]
    [InlineData("localhost", "127.0.0.1", true)]
    [InlineData("localhost", "192.168.1.7", false)]
    [InlineData(null, "192.168.1.7", true)]
    [InlineData("*", "::1", true)]
    [InlineData("fe80::1%4", "fe80::1", true)]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1", true)]
    public void Blocking_AddressAgainstHolder_FollowsTheKernelsRule(string? asked, string held, bool blocks)
    {
        _world.Process(42);
        _world.Open(42, 3, _world.Socket(held, 3000, lastPid: 42));

        Assert.Equal(blocks ? 1 : 0, _table.Blocking(On(3000) with { Address = asked }).Owners.Count);
    }

    [StandInFact]
    public void Blocking_TwoOwnersOfOnePort_PutsTheExactOneFirst()
    {
        _world.Process(1001);
        _world.Process(1002);
        _world.Open(1001, 3, _world.Socket("0.0.0.0", 3000, lastPid: 1001));
        _world.Open(1002, 3, _world.Socket("127.0.0.1", 3000, lastPid: 1002));

        Assert.Equal([1002, 1001], _table.Blocking(On(3000) with { Address = "127.0.0.1" }).Owners.Select(o => o.Process!.Pid));
    }

    [StandInFact]
    public void Blocking_NothingThere_IsFree() => Assert.Equal(PortState.Free, _table.Blocking(On(3000)).State);

    [StandInFact]
    public void Blocking_NoControlBlockAndBindRefused_IsReserved()
    {
        _world.Reserve(4000);

        Occupancy occupancy = _table.Blocking(On(4000));
        Assert.Equal(PortState.Reserved, occupancy.State);
        Assert.EndsWith(".", occupancy.Limit);
    }

    [StandInFact]
    public void Blocking_RestrictedPort_IsReservedWithItsOwnSentence() => Assert.Contains("restricted", _table.Blocking(On(55555)).Limit);

    [StandInFact]
    public void Blocking_RestrictedPortOverUdp_IsAPortLikeAnyOther() => Assert.Equal(PortState.Free, _table.Blocking(On(55555) with { Transport = Transport.Udp }).State);

    [StandInFact]
    public void Blocking_ListGrowsWhileRead_IsReadAgain()
    {
        _world.Process(42);
        _world.Open(42, 3, _world.Socket("127.0.0.1", 3000, lastPid: 42));
        _world.Grow(2000);

        Assert.Equal(42, Assert.Single(_table.Blocking(On(3000)).Owners).Process?.Pid);
        Assert.True(_world.Calls("net.inet.tcp.pcblist_n") > 2, "the first read should not have sufficed");
    }

    [StandInFact]
    public void Blocking_ListNeverWhole_IsUnknownNeverFree()
    {
        _world.OnCall = (call, _, isRead) =>
        {
            if (call == "net.inet.tcp.pcblist_n" && isRead == 1)
                _world.Grow(200_000);
        };

        Occupancy occupancy = _table.Blocking(On(3000));
        Assert.Equal(PortState.Unknown, occupancy.State);
        Assert.Equal(10, _world.Calls("net.inet.tcp.pcblist_n"));
    }

    [StandInFact]
    public void Blocking_ListRefusedBySandbox_SeesOwnSocketsAndNeverSaysFree()
    {
        _world.Process(42);
        _world.Open(42, 3, _world.Socket("127.0.0.1", 3000, lastPid: 42));
        _world.Fail("net.inet.tcp.pcblist_n", errno: 1);

        Assert.Equal(42, Assert.Single(_table.Blocking(On(3000)).Owners).Process?.Pid);
        Occupancy other = _table.Blocking(On(3001));
        Assert.Equal((PortState.Unknown, VisibleSockets.Limit), (other.State, other.Limit));
    }

    [StandInFact]
    public void Blocking_TwentyThousandSockets_FindsTheOne()
    {
        for (int i = 0; i < 400; i++)
        {
            _world.Process(1000 + i);
            for (int n = 0; n < 50; n++)
                _world.Open(1000 + i, n, _world.Socket("127.0.0.1", 10_000 + i * 50 + n, lastPid: 1000 + i));
        }

        SocketOwner owner = Assert.Single(_table.Blocking(On(20_007)).Owners);
        Assert.Equal((1200, 7), (owner.Process?.Pid, owner.Descriptor));
    }

    [StandInFact]
    public void Blocking_ProcessWithManyDescriptors_GrowsItsList()
    {
        _world.Process(42);
        for (int n = 0; n < 3000; n++)
            _world.OpenFile(42, n);
        _world.Open(42, 3000, _world.Socket("127.0.0.1", 3000, lastPid: 42));

        Assert.Equal(3000, Assert.Single(_table.Blocking(On(3000)).Owners).Descriptor);
    }

    [StandInFact]
    public void Blocking_HolderExecsWhileWeLook_IsConfirmedOnlyWithOneIdentity()
    {
        _world.Process(42);
        _world.Open(42, 3, _world.Socket("127.0.0.1", 3000, lastPid: 42));
        int identities = 0;
        _world.OnCall = (call, pid, flavour) =>
        {
            if (call == "proc_pidinfo" && pid == 42 && flavour == 17 && ++identities == 2)
                _world.Exec(42);
        };

        SocketOwner owner = Assert.Single(_table.Blocking(On(3000)).Owners);
        Assert.Equal(42, owner.Process?.Pid);
        Assert.True(_table.StillHolds(owner), "the identity must be the one after the exec");
    }

    [StandInFact]
    public void StillHolds_ClosedGivenAwayOrRecycled_IsFalse()
    {
        _world.Process(42);
        _world.Open(42, 3, _world.Socket("127.0.0.1", 3000, lastPid: 42));
        SocketOwner owner = Assert.Single(_table.Blocking(On(3000)).Owners);
        Assert.True(_table.StillHolds(owner));
        Assert.False(_table.StillHolds(owner with { Process = owner.Process! with { Generation = 5 } }));
        Assert.False(_table.StillHolds(owner with { Process = null }));

        _world.Close(42, 3);
        Assert.False(_table.StillHolds(owner));
    }

    [StandInFact]
    public void StillHolds_DescriptorMoved_IsTrue()
    {
        _world.Process(42);
        ulong socket = _world.Open(42, 3, _world.Socket("127.0.0.1", 3000, lastPid: 42));
        SocketOwner owner = Assert.Single(_table.Blocking(On(3000)).Owners);
        _world.Close(42, 3);
        _world.Open(42, 11, socket);

        Assert.True(_table.StillHolds(owner));
    }

    [StandInFact]
    public void Listeners_GivesListenersBoundUdpAndUnix_NotConnections()
    {
        _world.Process(42);
        _world.Open(42, 3, _world.Socket("127.0.0.1", 3000, lastPid: 42));
        _world.Open(42, 4, _world.Socket("127.0.0.1", 3000, lastPid: 42, state: World.Established, remotePort: 50000));
        _world.Open(42, 5, _world.Socket("*", 5353, lastPid: 42, protocol: World.Udp));
        _world.Open(42, 6, _world.Socket("192.168.1.20", 60000, lastPid: 42, protocol: World.Udp, remotePort: 53));
        _world.Open(42, 7, _world.UnixSocket("/tmp/app.sock"));
        _world.Open(42, 8, _world.UnixSocket("/tmp/app.sock", listens: false));
        _world.Process(50, "rapportd", uid: 0);
        _world.Open(50, 3, _world.Socket("*", 49152, lastPid: 50, uid: 0));

        Assert.Equal(
            ["127.0.0.1:3000 42", "[::]:49152 ", "udp [::]:5353 42", "/tmp/app.sock 42"],
            _table.Listeners().Select(o => $"{o.Endpoint} {o.Process?.Pid}"));
    }

    [StandInFact]
    public void Blocking_UnixPath_HeldStaleHiddenFree()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("portia-").FullName, "s");
        Assert.Equal(PortState.Free, _table.Blocking(On(file)).State);
        File.WriteAllText(file, "");
        Occupancy stale = _table.Blocking(On(file));
        Assert.Equal(PortState.Reserved, stale.State);
        Assert.Contains("left over", stale.Limit);
        _world.Process(300, uid: 0);
        Assert.Equal(PortState.Unknown, _table.Blocking(On(file)).State);
        _world.Process(42);
        _world.Open(42, 3, _world.UnixSocket(file));
        Assert.Equal(42, Assert.Single(_table.Blocking(On(file)).Owners).Process?.Pid);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [StandInFact]
    public void Blocking_MachName_NamesTheJobThatHasIt()
    {
        _world.Process(900, "sh");
        _launchd["gui/501"] = LaunchctlSamples.Domain.Replace("com.example.ondemand", "com.example.web.control", StringComparison.Ordinal);
        _launchd["gui/501/com.example.web"] = LaunchctlSamples.Service;

        Occupancy occupancy = _table.Blocking(On("mach/com.example.web.control"));
        SocketOwner owner = Assert.Single(occupancy.Owners);
        Assert.Equal((PortState.Held, 900, "com.example.web"), (occupancy.State, owner.Process?.Pid, owner.Unit));
        Assert.Contains("1100", occupancy.Limit);
        Assert.False(_table.StillHolds(owner), "words of launchctl are no proof");
    }

    [StandInFact]
    public void Blocking_MachNameUnknownOrUnanswered_IsFreeOrUnknown()
    {
        Assert.Equal(PortState.Unknown, _table.Blocking(On("mach/com.example.none")).State);
        _launchd["gui/501"] = LaunchctlSamples.Domain;
        Assert.Equal(PortState.Free, _table.Blocking(On("mach/com.example.none")).State);
        Occupancy onDemand = _table.Blocking(On("mach/com.example.ondemand"));
        Assert.Equal((PortState.Held, null), (onDemand.State, Assert.Single(onDemand.Owners).Process));
    }

    [StandInFact]
    public void CanBind_HeldFreeOrForbidden_SaysSo()
    {
        _world.Process(42);
        _world.Open(42, 3, _world.Socket("127.0.0.1", 3000, lastPid: 42));
        Assert.False(_table.CanBind(On(3000)));
        Assert.True(_table.CanBind(On(3001)));
        Assert.Null(_table.CanBind(On("/tmp/x")));
        _world.Fail("bind", errno: 13);
        Assert.Null(_table.CanBind(On(80)));
    }

    private static Endpoint On(int port) => new() { Port = port };

    private static Endpoint On(string path) => new() { Transport = Transport.Unix, Path = path };
}
