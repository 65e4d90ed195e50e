using System.Net.Sockets;
using PortiaWatch.Linux.SystemSensor;
using PortiaWatch.Linux.Tests.Ebpf;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Tests.SystemSensor;

public sealed class SensorTrustTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portia-sensor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Trust_FolderOfAnotherThanTheListener_IsNotBelieved() =>
        Assert.Contains("not believed", SensorTrust.Objection(Path.Combine(_folder, "s"), 4242), StringComparison.Ordinal);

    [SkippableFact]
    public void Trust_FolderOfRoot_IsBelieved()
    {
        Require.Root();
        Assert.Null(SensorTrust.Objection(Path.Combine(_folder, "s"), 0));
    }

    [SkippableFact]
    public void Trust_FolderThatOthersMayWrite_IsNotBelieved()
    {
        Require.Root();
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_101);
        Assert.Contains("not believed", SensorTrust.Objection(Path.Combine(_folder, "s"), 0), StringComparison.Ordinal);
    }

    // Anybody may make a folder of his own below a shared one such as /tmp, and name it as he likes.
    [SkippableFact]
    public async Task Trust_FolderThatAnybodyCouldHaveMade_IsNotBelieved()
    {
        Require.Root();
        string shared = Directory.CreateDirectory(Path.Combine(_folder, "shared")).FullName;
        File.SetUnixFileMode(shared, (UnixFileMode)0b111_111_111);
        string mine = Directory.CreateDirectory(Path.Combine(shared, "portia")).FullName;
        await OneShot.RunAsync("chown", "65534", mine);

        Assert.Contains("made by anybody", SensorTrust.Objection(Path.Combine(mine, "s"), 65534), StringComparison.Ordinal);

        File.SetUnixFileMode(shared, (UnixFileMode)0b111_101_101);
        Assert.Null(SensorTrust.Objection(Path.Combine(mine, "s"), 65534));
    }

    [Fact]
    public void Connection_ToAListenerThatAnybodyCouldBe_IsRefused()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        using Socket listener = Listen(Path.Combine(_folder, "s"));

        Assert.Throws<SourceUnavailableException>(() => SensorConnection.Open(Path.Combine(_folder, "s")));
    }

    private static Socket Listen(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        return listener;
    }
}
