using PortiaWatch.Linux.Ebpf;

namespace PortiaWatch.Linux.Tests.Ebpf;

public sealed class KernelEventTests
{
    [Fact]
    public void Event_WholeRecord_GivesEveryField()
    {
        KernelEvent seen = SomeEvent.Read(SomeEvent.Bytes());

        Assert.Equal(KernelEventKind.BindRefused, seen.Kind);
        Assert.Equal(80_000_000_000u, seen.TimeNanoseconds);
        Assert.Equal(4121, seen.Process);
        Assert.Equal(1000u, seen.Uid);
        Assert.Equal(19, seen.Descriptor);
        Assert.Equal("node", seen.Name);
        Assert.Equal(16, seen.Address.Length);
        Assert.Equal(SomeEvent.Started, seen.StartedNanoseconds);
        Assert.Equal(4100, seen.Parent);
        Assert.Equal(4026531836u, seen.PidNamespace);
        Assert.Equal(17, seen.NestedProcess);
        Assert.Equal(["node", "server.js"], seen.Command);
        Assert.False(seen.IsCommandCut);
        Assert.Equal(99u, seen.Socket?.Inode);
        Assert.Equal(1, seen.Socket?.Type);
        Assert.Equal(3001, seen.Socket?.Port);
        Assert.Equal(4026531840u, seen.Socket?.NetworkNamespace);
    }

    [Fact]
    public void Event_WithoutKernelTypes_LeavesUnknownWhatIsNotKnown()
    {
        byte[] bytes = SomeEvent.Bytes(command: "");
        bytes.AsSpan(EventLayout.Inode..EventLayout.Command).Clear();

        KernelEvent seen = SomeEvent.Read(bytes);

        Assert.Null(seen.Socket);
        Assert.Null(seen.StartedNanoseconds);
        Assert.Null(seen.Parent);
        Assert.Null(seen.PidNamespace);
        Assert.Null(seen.NestedProcess);
        Assert.Null(seen.Command);
    }

    [Fact]
    public void Event_LongCommandLine_SaysThatItIsCut() => Assert.True(SomeEvent.Read(SomeEvent.Bytes(commandTotal: 5000)).IsCommandCut);

    [Fact]
    public void Event_EmptyArgument_IsKept() => Assert.Equal(["sh", "", "x"], SomeEvent.Read(SomeEvent.Bytes(command: "sh\0\0x\0")).Command);

    [Theory]
    [InlineData(EventLayout.Kind, 0u)]
    [InlineData(EventLayout.Kind, 4u)]
    [InlineData(EventLayout.Process, 0u)]
    [InlineData(EventLayout.Process, 0x80000000u)]
    public void Event_ImpossibleValue_IsRefused(int offset, uint value)
    {
        byte[] bytes = SomeEvent.Bytes();
        SomeEvent.Put(bytes, offset, value);

        Assert.False(KernelEvent.TryParse(bytes, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(EventLayout.HeadBytes - 1)]
    public void Event_ShortRecord_IsRefused(int length) => Assert.False(KernelEvent.TryParse(SomeEvent.Bytes().AsSpan(0, length), out _));

    [Fact]
    public void Event_AddressThatCouldNotBeRead_IsEmptyAndTheCommandLineStandsBehindIt()
    {
        byte[] bytes = SomeEvent.Bytes(address: new byte[EventLayout.MaxAddressBytes]);
        SomeEvent.Put(bytes, EventLayout.AddressLength, 0xffffffff);

        KernelEvent seen = SomeEvent.Read(bytes);

        Assert.True(seen.Address.IsEmpty);
        Assert.Equal(["node", "server.js"], seen.Command);
    }

    [Fact]
    public void Event_ShorterThanItsAddress_IsRefused()
    {
        byte[] bytes = SomeEvent.Bytes(command: "");
        SomeEvent.Put(bytes, EventLayout.AddressLength, 17);

        Assert.False(KernelEvent.TryParse(bytes, out _));
    }

    [Fact]
    public void Event_AnyBytes_NeverThrows()
    {
        Random random = new(7);
        byte[] sample = SomeEvent.Bytes();
        int understood = 0;
        for (int round = 0; round < 50_000; round++)
        {
            byte[] bytes = sample[..random.Next(EventLayout.HeadBytes + 4, sample.Length + 1)];
            for (int changes = random.Next(12); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!KernelEvent.TryParse(bytes, out KernelEvent? seen))
                continue;
            understood++;
            _ = RefusedEndpoint.Of(seen)?.ToString();
        }

        Assert.InRange(understood, 10_000, 50_000);
    }
}
