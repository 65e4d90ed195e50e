using System.Text;
using PortiaWatch.Darwin.LogStream;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Tests.LogStream;

public sealed class MachNameTextTests
{
    [Theory]
    [InlineData("[0101/1.2:FATAL] bootstrap_check_in org.chromium.Chromium.MachPortRendezvousServer.77: Permission denied (1100)", "org.chromium.Chromium.MachPortRendezvousServer.77")]
    [InlineData("bootstrap_check_in com.example.x: Service name already exists (1103)", "com.example.x")]
    [InlineData("bootstrap_check_in com.example.x: Unknown service name (1102)", null)]
    [InlineData("*** CFMessagePort: bootstrap_register(): failed 1100 (0x44c) 'Permission denied', port = 0x5303, name = 'com.example.port'", "com.example.port")]
    [InlineData("*** CFMessagePort: bootstrap_register(): failed 141 (0x8d) 'unknown error code', port = 0x5303, name = 'Processes-0.123'", "Processes-0.123")]
    [InlineData("*** CFMessagePort: bootstrap_register(): failed 1100 (0x44c), port = 0x5303, name = '", null)]
    [InlineData("The following job tried to hijack the service \"com.example.web.control\" from this job: com.example.web", "com.example.web.control")]
    [InlineData("Check-in of Mach service failed. Already active: com.example.web", "com.example.web")]
    [InlineData("bootstrap_check_in evil\u001b[2Jname: Permission denied (1100)", null)]
    [InlineData("listen EADDRINUSE: address already in use :::3000", null)]
    [InlineData("", null)]
    public void TryRead_Message_GivesTheNameWhereSocketsHaveTheirPath(string message, string? name)
    {
        bool isOne = MachNameText.TryRead(Encoding.UTF8.GetBytes(message), out Endpoint? endpoint);
        Assert.Equal((name is not null, name is null ? null : "mach/" + name), (isOne, endpoint?.Path));
    }

    [Fact]
    public void TryRead_MutatedMessages_NeverThrows()
    {
        byte[][] seeds =
        [
            "bootstrap_check_in com.example.x: Permission denied (1100)"u8.ToArray(),
            "CFMessagePort: bootstrap_register(): failed 1100 (0x44c), name = 'com.example.port'"u8.ToArray(),
            "tried to hijack the service \"a.b\" from"u8.ToArray(),
        ];
        Random random = new(53);
        int found = 0;
        for (int round = 0; round < 10_000; round++)
        {
            byte[] seed = seeds[random.Next(seeds.Length)];
            byte[] copy = seed[..random.Next(seed.Length * 3 / 4, seed.Length + 1)];
            for (int changes = random.Next(3); changes > 0; changes--)
                copy[random.Next(copy.Length)] = (byte)random.Next(256);
            if (MachNameText.TryRead(copy, out Endpoint? endpoint))
            {
                found++;
                Assert.Matches("^mach/[!-~]+$", endpoint.Path);
            }
        }

        Assert.True(found > 500);
    }
}
