using System.Text;
using PortiaWatch.Linux.Journald;

namespace PortiaWatch.Linux.Tests.Journald;

public sealed class ContainerRelayTests
{
    [Theory]
    [InlineData("conmon", ",\"CONTAINER_ID\":\"0a1b2c\",\"CONTAINER_NAME\":\"web\"", "container web,")]
    [InlineData("anything", ",\"CONTAINER_ID\":\"0a1b2c\"", "container 0a1b2c,")]
    [InlineData("conmon", "", "a container,")]
    [InlineData("containerd-shim", "", "a container,")]
    public void TryRead_RelayOfAContainer_IsNotTakenForTheRefusedProcess(string name, string more, string elsewhere)
    {
        Assert.True(JournalRecordReader.TryRead(Entry(name, more), out var record));

        Assert.Equal((0, true, null, null), (record.Sender?.Pid, record.Sender?.IsRelayed, record.Sender?.Uid, record.Sender?.Name));
        Assert.StartsWith(elsewhere, record.Sender?.Elsewhere, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_ProgramThatSpeaksForItself_StaysTheSender()
    {
        Assert.True(JournalRecordReader.TryRead(Entry("node", ""), out var record));

        Assert.Equal((4121, false, null), (record.Sender?.Pid, record.Sender?.IsRelayed, record.Sender?.Elsewhere));
    }

    private static byte[] Entry(string name, string more) =>
        Encoding.UTF8.GetBytes($"{{\"MESSAGE\":\"EADDRINUSE :::3000\",\"_PID\":\"4121\",\"_UID\":\"1000\",\"_COMM\":\"{name}\"{more}}}");
}
