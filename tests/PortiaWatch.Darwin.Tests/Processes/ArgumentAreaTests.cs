using System.Text;
using PortiaWatch.Darwin.Processes;

namespace PortiaWatch.Darwin.Tests.Processes;

public sealed class ArgumentAreaTests
{
    [Fact]
    public void Parse_ArgumentsWithSpacesNewlinesAndEmptyOnes_KeepsThem()
    {
        ArgumentArea area = ArgumentArea.Parse(Area(4, "/bin/x\0\0\0\0", "x\0", "a b\0", "\0", "c\nd\0", "HOME=/h\0", "\0", "ptr_munge=\0"))!;

        Assert.Equal("/bin/x", area.Path);
        Assert.Equal(["x", "a b", "", "c\nd"], area.Arguments);
        Assert.Equal("/h", area.Environment("HOME"));
        Assert.Null(area.Environment("ptr_munge"));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 47, 0 })]
    public void Parse_Nonsense_IsNull(byte[] area) => Assert.Null(ArgumentArea.Parse(area));

    [Fact]
    public void Parse_RandomAreas_NeverThrows()
    {
        Random random = new(49);
        int parsed = 0;
        byte[] seed = Area(3, "/bin/x\0\0", "x\0", "--port\0", "3000\0", "PORT=3000\0");
        for (int round = 0; round < 20_000; round++)
        {
            byte[] copy = seed[..random.Next(seed.Length + 1)];
            for (int changes = random.Next(5); changes > 0 && copy.Length > 0; changes--)
                copy[random.Next(copy.Length)] = (byte)random.Next(256);
            if (ArgumentArea.Parse(copy) is { } area)
            {
                parsed++;
                Assert.True(area.Arguments.Sum(a => a.Length) <= copy.Length);
                _ = area.Environment("PORT");
            }
        }

        Assert.True(parsed > 5000);
    }

    private static byte[] Area(int count, params string[] texts) => [.. BitConverter.GetBytes(count), .. Encoding.UTF8.GetBytes(string.Concat(texts))];
}
