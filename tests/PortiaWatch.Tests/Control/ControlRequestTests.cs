using System.Text;
using PortiaWatch.Control;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Tests.Control;

public sealed class ControlRequestTests
{
    private const string Hook = """{"schema":"portia.request/1","do":"hook","hook":{"transport":"tcp","address":"127.0.0.1","port":3000,"movedOn":false}}""";

    private const string Free =
        """{"schema":"portia.request/1","do":"free","free":{"version":"1","target":"3000","holders":[{"pid":7,"generation":18446744073709551615,"image":null}],"graceMilliseconds":1.5}}""";

    [Fact]
    public void Request_OfThisVersion_IsRead()
    {
        ControlRequest hook = ControlRequest.TryParse(Encoding.UTF8.GetBytes(Hook))!;
        ControlRequest free = ControlRequest.TryParse(Encoding.UTF8.GetBytes(Free))!;

        Assert.Equal(new Endpoint { Transport = Transport.Tcp, Address = "127.0.0.1", Port = 3000 }, hook.Report!.ToEndpoint());
        Assert.Equal(new ProcessIdentity(7, ulong.MaxValue, null), Assert.Single(free.Order!.Holders!).ToIdentity());
        Assert.Equal(1.5, free.Order.GraceMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"status\"")]
    [InlineData("""{"do":"status"}""")]
    [InlineData("""{"schema":"portia.request/2","do":"status"}""")]
    [InlineData("""{"schema":"portia.request/1"}""")]
    [InlineData("""{"schema":"portia.request/1","do":7}""")]
    [InlineData("""{"schema":"portia.request/1","do":"hook","hook":{"port":"3000"}}""")]
    [InlineData("""{"schema":"portia.request/1","do":"hook","hook":{"port":1e99}}""")]
    [InlineData("""{"schema":"portia.request/1","do":"\ud800"}""")]
    [InlineData("""{"schema":"portia.request/1","do":"hook","more":[[[[[[[[[[1]]]]]]]]]]}""")]
    [InlineData("""{"schema":"portia.request/1","do":"status"} {}""")]
    public void Request_OfAnotherShape_IsNone(string line) => Assert.Null(ControlRequest.TryParse(Encoding.UTF8.GetBytes(line)));

    [Theory]
    [InlineData(null, "::", 3000, null, "[::]:3000")]
    [InlineData("udp", "127.0.0.1", 5353, null, "udp/127.0.0.1:5353")]
    [InlineData("unix", null, null, "/run/x.sock", "/run/x.sock")]
    [InlineData("tcp", "\u001b[31mlocalhost", 3000, null, "3000")]
    public void Report_OfAnEndpoint_NamesItAndNothingElse(string? transport, string? address, int? port, string? path, string target) =>
        Assert.Equal(target, new HookReport { Transport = transport, Address = address, Port = port, Path = path }.ToEndpoint()?.ToTarget());

    [Theory]
    [InlineData("tcp", 0, null)]
    [InlineData("tcp", 65536, null)]
    [InlineData("tcp", -1, null)]
    [InlineData("tcp", null, "/run/x.sock")]
    [InlineData("sctp", 3000, null)]
    [InlineData("unix", 3000, null)]
    [InlineData("unix", null, "")]
    [InlineData("unix", null, "/run/x\u001b[2J.sock")]
    public void Report_OfNoEndpoint_IsRefused(string transport, int? port, string? path) =>
        Assert.Null(new HookReport { Transport = transport, Port = port, Path = path }.ToEndpoint());

    [Fact]
    public void Request_MutatedBytes_NeverThrows()
    {
        var random = new Random(20261122);
        byte[][] seeds = [Encoding.UTF8.GetBytes(Hook), Encoding.UTF8.GetBytes(Free)];
        int understood = 0;
        for (int round = 0; round < 50_000; round++)
        {
            byte[] line = [.. seeds[random.Next(seeds.Length)]];
            for (int change = random.Next(4); change > 0; change--)
                line[random.Next(line.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                line = line[..random.Next(line.Length)];
            if (ControlRequest.TryParse(line) is not { } request)
                continue;
            understood++;
            if (request.Report?.ToEndpoint() is { } endpoint)
                Assert.True(endpoint.IsComplete && !endpoint.ToString().Any(char.IsControl));
        }

        Assert.True(understood > 3_000);
    }
}
