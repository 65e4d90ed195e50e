using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.SystemSensor;
using PortiaWatch.Linux.Tests.Ebpf;

namespace PortiaWatch.Linux.Tests.SystemSensor;

public sealed class SensorProtocolTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(17, "no types")]
    [InlineData(long.MaxValue, "")]
    public void Note_Read_IsWhatWasWritten(long dropped, string? limit)
    {
        Assert.True(SensorProtocol.TryReadNote(SensorProtocol.Note(dropped, limit), out long read, out string? text));
        Assert.Equal((dropped, string.IsNullOrEmpty(limit) ? null : limit), (read, text));
    }

    [Fact]
    public void Note_Event_IsNone() => Assert.False(SensorProtocol.TryReadNote(SomeEvent.Bytes(), out _, out _));

    [Fact]
    public void Note_HostileText_IsShownSafely()
    {
        Assert.True(SensorProtocol.TryReadNote(SensorProtocol.Note(0, "a\u001b[2J\nb" + new string('x', 4000)), out _, out string? limit));
        Assert.DoesNotContain('\u001b', limit!);
        Assert.DoesNotContain('\n', limit!);
        Assert.InRange(limit!.Length, 1, 512);
    }

    [Fact]
    public void Note_RandomBytes_NeverThrow()
    {
        var random = new Random(20261122);
        byte[] packet = new byte[SensorProtocol.MaxPacketBytes];
        for (int i = 0; i < 20_000; i++)
        {
            Span<byte> bytes = packet.AsSpan(0, random.Next(packet.Length + 1));
            random.NextBytes(bytes);
            if (random.Next(2) == 0 && bytes.Length >= 8)
                bytes[..8].Fill(0xFF);
            if (SensorProtocol.TryReadNote(bytes, out long dropped, out _))
                Assert.True(dropped >= 0);
        }
    }

    [Fact]
    public void Uid_OfAnEvent_IsTheRefusedProgramsUser()
    {
        byte[] bytes = SomeEvent.Bytes();
        Assert.True(KernelEvent.TryParse(bytes, out KernelEvent? seen));
        Assert.Equal(seen.Uid, SensorProtocol.UidOf(bytes));
    }
}
