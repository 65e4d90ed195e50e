using System.Text;
using PortiaWatch.Telemetry;

namespace PortiaWatch.Tests.Telemetry;

public sealed class ScrapeRequestTests
{
    private static readonly string[] Hosts = ["127.0.0.1:9464", "localhost:9464"];

    [Theory]
    [InlineData("GET /metrics HTTP/1.1|Host: 127.0.0.1:9464||", 200)]
    [InlineData("GET /metrics HTTP/1.1|host:LOCALHOST:9464|Accept: */*||", 200)]
    [InlineData("GET /metrics HTTP/1.1|Host: evil.example||", 421)]
    [InlineData("GET /metrics HTTP/1.1|Host: evil.example:9464||", 421)]
    [InlineData("GET /metrics HTTP/1.1|Host: 127.0.0.1||", 421)]
    [InlineData("GET /metrics HTTP/1.1||", 400)]
    [InlineData("GET /metrics HTTP/1.1|Host: 127.0.0.1:9464|Host: evil.example||", 400)]
    [InlineData("GET /metrics HTTP/1.1|Host : 127.0.0.1:9464||", 400)]
    [InlineData("GET /metrics HTTP/1.1|Host: 127.0.0.1:9464|Content-Length: 3||", 400)]
    [InlineData("GET /metrics HTTP/1.1|Host: 127.0.0.1:9464|Transfer-Encoding: chunked||", 400)]
    [InlineData("GET /metrics HTTP/1.1|Host: 127.0.0.1:9464| folded||", 400)]
    [InlineData("POST /metrics HTTP/1.1|Host: 127.0.0.1:9464||", 405)]
    [InlineData("GET / HTTP/1.1|Host: 127.0.0.1:9464||", 404)]
    [InlineData("GET /metrics/../x HTTP/1.1|Host: 127.0.0.1:9464||", 404)]
    [InlineData("GET http://evil.example/metrics HTTP/1.1|Host: 127.0.0.1:9464||", 404)]
    [InlineData("GET /metrics HTTP/2|Host: 127.0.0.1:9464||", 400)]
    [InlineData("GET  /metrics HTTP/1.1|Host: 127.0.0.1:9464||", 400)]
    [InlineData("GET /metrics HTTP/1.1\nHost: 127.0.0.1:9464||", 400)]
    [InlineData("GET /metrics HTTP/1.1|Host: 127.0.0.1:9464|X: \0||", 400)]
    [InlineData("||", 400)]
    [InlineData("", 400)]
    public void Judge_Head_OnlyOneThingMayBeAskedFor(string head, int status) =>
        Assert.Equal(status, ScrapeRequest.Judge(Encoding.Latin1.GetBytes(head.Replace("|", "\r\n", StringComparison.Ordinal)), Hosts));

    [Fact]
    public void Judge_DamagedHeads_NeverThrowsAndServesOnlyItsOwnHost()
    {
        var random = new Random(9464);
        byte[] good = Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9464\r\nAccept: text/plain\r\n\r\n");
        int served = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] head = [.. good];
            for (int change = random.Next(4); change > 0; change--)
                head[random.Next(head.Length)] = (byte)random.Next(256);
            if (ScrapeRequest.Judge(head, Hosts) != 200)
                continue;
            served++;
            Assert.Contains("/metrics", Encoding.Latin1.GetString(head), StringComparison.Ordinal);
            Assert.Contains("127.0.0.1:9464", Encoding.Latin1.GetString(head), StringComparison.Ordinal);
        }

        Assert.InRange(served, 1, 15_000);
    }
}
