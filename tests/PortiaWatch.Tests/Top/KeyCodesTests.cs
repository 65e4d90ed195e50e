using System.Text;
using PortiaWatch.Top;

namespace PortiaWatch.Tests.Top;

public sealed class KeyCodesTests
{
    [Theory]
    [InlineData("\e[A", nameof(KeyName.Up))]
    [InlineData("\eOB", nameof(KeyName.Down))]
    [InlineData("\e[5~", nameof(KeyName.PageUp))]
    [InlineData("\e[1;5A", nameof(KeyName.Up))]
    [InlineData("\e[200~", nameof(KeyName.Other))]
    [InlineData("\t", nameof(KeyName.Tab))]
    [InlineData("\r", nameof(KeyName.Enter))]
    [InlineData("\u0003", nameof(KeyName.Interrupt))]
    [InlineData("\u007f", nameof(KeyName.Backspace))]
    [InlineData("é", nameof(KeyName.Character))]
    [InlineData("\u0085", nameof(KeyName.Other))]
    public void Read_WholeKey_IsNamedAndTakenWhole(string typed, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(typed);

        Assert.Equal(bytes.Length, KeyCodes.Read(bytes, out Key key));
        Assert.Equal(expected, key.Name.ToString());
    }

    [Theory]
    [InlineData("\e")]
    [InlineData("\e[")]
    [InlineData("\e[1;")]
    [InlineData("\eO")]
    public void Read_HalfASequence_WaitsForTheRest(string typed) => Assert.Equal(0, KeyCodes.Read(Encoding.UTF8.GetBytes(typed), out _));

    [Fact]
    public void Read_AnyBytes_NeitherThrowsNorTakesMoreThanThereIs()
    {
        var random = new Random(20261122);
        byte[] bytes = new byte[64];
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            if (round % 2 == 0)
                bytes[0] = 0x1b;
            for (int from = 0; from < bytes.Length;)
            {
                int used = KeyCodes.Read(bytes.AsSpan(from), out Key key);
                Assert.InRange(used, 0, bytes.Length - from);
                Assert.False(key.Name == KeyName.Character && Rune.IsControl(key.Character));
                if (used == 0)
                    break;
                from += used;
            }
        }
    }
}
