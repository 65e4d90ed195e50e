using PortiaWatch.Linux.Systemd;

namespace PortiaWatch.Linux.Tests.Systemd;

public sealed class SocketUnitsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portia-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Ports_SocketUnitBesideTheService_GivesItsPortsAndNoPaths()
    {
        Write("shop.socket", "[Socket]\nListenStream=127.0.0.1:5000\n ListenStream = [::]:5001\nListenDatagram=5353\nListenStream=/run/shop.sock\nBacklog=128\n");

        Assert.Equal([5000, 5001, 5353], New().Ports("shop.service"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("other.service")]
    [InlineData("shop.socket")]
    [InlineData("../shop.service")]
    public void Ports_NoSuchUnit_AreNone(string? unit)
    {
        Write("shop.socket", "[Socket]\nListenStream=5000\n");

        Assert.Empty(New().Ports(unit));
    }

    private SocketUnits New() => new([Path.Combine(_folder.FullName, "absent"), _folder.FullName]);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
