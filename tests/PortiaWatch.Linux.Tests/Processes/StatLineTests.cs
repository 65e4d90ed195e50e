using System.Text;
using PortiaWatch.Linux.Processes;

namespace PortiaWatch.Linux.Tests.Processes;

public sealed class StatLineTests
{
    private const string Tail =
        " S 100 4121 4000 34816 4121 4194304 1 0 0 0 5 2 0 0 20 0 7 0 987654 1 2 18446744073709551615 94000000 94100000 140720000000000 0 0 0 0 0 65536 0 0 0 17 1 0 0 0 0 0 94200000 94210000 94300000 1 2 3 4 0\n";

    [Theory]
    [InlineData("node")]
    [InlineData("a) R 1 (b")]
    [InlineData("tab\tnew\nline")]
    [InlineData("")]
    [InlineData(")")]
    public void TryParse_HostileName_FieldsAreCountedFromTheLastBracket(string name)
    {
        Assert.True(StatLine.TryParse(Encoding.UTF8.GetBytes($"4121 ({name}){Tail}"), out StatLine line));

        Assert.Equal(name, Encoding.UTF8.GetString(line.Name));
        Assert.Equal((byte)'S', line.State);
        Assert.Equal(100, line.Parent);
        Assert.Equal(4000, line.Session);
        Assert.Equal(34816, line.Terminal);
        Assert.Equal(7, line.Threads);
        Assert.Equal(987654ul, line.StartTime);
        Assert.Equal(140720000000000ul, line.StackStart);
        Assert.False(line.IsOver);
    }

    [Fact]
    public void TryParse_ZombieLeaderWithThreads_IsStillAlive()
    {
        byte[] alive = Encoding.ASCII.GetBytes($"1 (x){Tail.Replace(" S ", " Z ", StringComparison.Ordinal)}");
        byte[] over = Encoding.ASCII.GetBytes($"1 (x){Tail.Replace(" S ", " Z ", StringComparison.Ordinal).Replace(" 20 0 7 0 ", " 20 0 1 0 ", StringComparison.Ordinal)}");

        Assert.True(StatLine.TryParse(alive, out StatLine first) && !first.IsOver && first.HasLostItsLeader);
        Assert.True(StatLine.TryParse(over, out StatLine second) && second.IsOver);
    }

    [Fact]
    public void TryParse_TruncatedOrDamaged_NeverThrows()
    {
        byte[] whole = Encoding.ASCII.GetBytes($"4121 (node){Tail}");
        var random = new Random(22);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = (byte[])whole.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            _ = StatLine.TryParse(damaged.AsSpan(0, random.Next(damaged.Length + 1)), out _);
        }
    }

    [Fact]
    public void Parse_StatusWithForgedName_ReadsTheRealLine() =>
        Assert.Equal((1000u, 0u), ProcessOwner.Parse("Name:\tx\\nUid:\t7\nUmask:\t0022\nUid:\t1000\t0\t0\t0\n"u8));
}
