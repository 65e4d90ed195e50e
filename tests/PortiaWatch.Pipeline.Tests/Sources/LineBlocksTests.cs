using System.Text;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Pipeline.Tests.Sources;

public sealed class LineBlocksTests
{
    private const string Text = "first\n\n  Error: listen EADDRINUSE: address already in use :::3000\r\nnul\0 and half \ufffd\nérror 🔥\nlast without end";

    [Fact]
    public void Blocks_SplitAtEveryByte_GiveTheSameLines()
    {
        var bytes = Encoding.UTF8.GetBytes(Text);
        bytes[Array.IndexOf(bytes, (byte)0xEF)] = 0xFF;
        var whole = Lines(new LineBlocks(), bytes, [bytes.Length]);

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(whole, Lines(new LineBlocks(), bytes, [cut, bytes.Length - cut]));
        }

        Assert.Equal(whole, Lines(new LineBlocks(), bytes, Enumerable.Repeat(1, bytes.Length)));
        Assert.Equal(["1:first\n", "2:\n"], whole[..2]);
        Assert.Equal("6:last without end", whole[^1]);
    }

    [Fact]
    public void TryTake_ManyLinesInOneRead_GivesOneBlock()
    {
        var blocks = new LineBlocks();
        Add(blocks, "one\ntwo\nthr"u8);

        Assert.True(blocks.TryTake(out var block));
        Assert.Equal("one\ntwo\n", Encoding.UTF8.GetString(block.Bytes.Span));
        Assert.Equal(1, block.FirstLine);
        Assert.False(block.FollowsGap);
        Assert.False(blocks.TryTake(out _));

        Add(blocks, "ee\n"u8);
        Assert.True(blocks.TryTake(out block));
        Assert.Equal("three\n", Encoding.UTF8.GetString(block.Bytes.Span));
        Assert.Equal(3, block.FirstLine);
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(9, true)]
    [InlineData(100, true)]
    public void TryTake_LineAtTheCap_IsCutOnlyBeyondIt(int length, bool isCut)
    {
        var blocks = new LineBlocks(maxLineBytes: 8);
        var text = Encoding.ASCII.GetBytes(new string('x', length) + "\nnext\n");

        var taken = Take(blocks, text, Enumerable.Repeat(1, text.Length));

        Assert.Equal(2, taken.Count);
        Assert.Equal(isCut ? "xxxxxxxx" : "xxxxxxxx\n", taken[0].Text);
        Assert.Equal(isCut, taken[0].Block.IsCut);
        Assert.Equal("next\n", taken[1].Text);
        Assert.Equal(isCut, taken[1].Block.FollowsGap);
        Assert.Equal(2, taken[1].Block.FirstLine);
    }

    [Fact]
    public void TryTake_EndlessLine_IsCutOnceAndTheRestSkipped()
    {
        var blocks = new LineBlocks(maxLineBytes: 16);
        var taken = Take(blocks, new byte[100_000], Enumerable.Repeat(10, 10_000));

        Assert.Single(taken);
        Assert.False(blocks.HasPartialLine);
    }

    [Fact]
    public void Rest_PartialLine_IsKept()
    {
        var blocks = new LineBlocks();
        Add(blocks, "whole\nhalf"u8);
        Assert.True(blocks.TryTake(out _));
        blocks.Rest();
        blocks.Rest();
        Add(blocks, " and half\n"u8);

        Assert.True(blocks.TryTake(out var block));
        Assert.Equal("half and half\n", Encoding.UTF8.GetString(block.Bytes.Span));
    }

    [Fact]
    public void Restart_PartialLine_IsDroppedAndCountingBeginsAnew()
    {
        var blocks = new LineBlocks();
        Add(blocks, "whole\nhalf"u8);
        Assert.True(blocks.TryTake(out _));
        blocks.Restart();
        Add(blocks, "new\n"u8);

        Assert.True(blocks.TryTake(out var block));
        Assert.Equal("new\n", Encoding.UTF8.GetString(block.Bytes.Span));
        Assert.Equal(1, block.FirstLine);
        Assert.True(block.FollowsGap);
    }

    [Fact]
    public void Blocks_RandomBytesAndCuts_MatchAPlainSplit()
    {
        var random = new Random(3000);
        for (var round = 0; round < 3_000; round++)
        {
            var cap = random.Next(1, 40);
            var bytes = new byte[random.Next(300)];
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = random.Next(12) == 0 ? (byte)'\n' : (byte)random.Next(256);
            var blocks = new LineBlocks(cap);

            var lines = Lines(blocks, bytes, Cuts(random, bytes.Length), random);

            Assert.Equal(PlainSplit(bytes, cap), lines);
        }
    }

    private static IEnumerable<int> Cuts(Random random, int total)
    {
        while (total > 0)
        {
            var cut = random.Next(0, Math.Min(total, 60) + 1);
            total -= cut;
            yield return cut;
        }
    }

    private static List<string> PlainSplit(byte[] bytes, int cap)
    {
        var parts = Encoding.Latin1.GetString(bytes).Split('\n');
        return
        [
            .. parts.Select((line, index) => (line, index))
                // What follows the last line end is a line only if it has bytes, and it has no end of its own.
                .Where(part => part.index < parts.Length - 1 || part.line.Length > 0)
                .Select(part => $"{part.index + 1}:" + (part.line.Length > cap ? part.line[..cap] : part.index < parts.Length - 1 ? part.line + "\n" : part.line)),
        ];
    }

    private static List<string> Lines(LineBlocks blocks, byte[] bytes, IEnumerable<int> reads, Random? rests = null)
    {
        List<string> lines = [];
        foreach (var (block, text) in Take(blocks, bytes, reads, rests))
        {
            var number = block.FirstLine;
            foreach (var line in text.Split('\n', StringSplitOptions.None).SkipLast(text.EndsWith('\n') ? 1 : 0).Index())
                lines.Add($"{number++}:{line.Item}" + (text.EndsWith('\n') || line.Index < text.Count(c => c == '\n') ? "\n" : ""));
        }

        return lines;
    }

    private static List<(LineBlock Block, string Text)> Take(LineBlocks blocks, byte[] bytes, IEnumerable<int> reads, Random? rests = null)
    {
        List<(LineBlock, string)> taken = [];
        var offset = 0;
        foreach (var read in reads)
        {
            var left = read;
            do
            {
                var count = Math.Min(left, blocks.Free.Length);
                Add(blocks, bytes.AsSpan(offset, count));
                (offset, left) = (offset + count, left - count);
                while (blocks.TryTake(out var block))
                    taken.Add((block, Encoding.Latin1.GetString(block.Bytes.Span)));
                if (rests?.Next(4) == 0)
                    blocks.Rest();
            }
            while (left > 0);
        }

        if (blocks.TryTakeRest(out var rest))
            taken.Add((rest, Encoding.Latin1.GetString(rest.Bytes.Span)));
        return taken;
    }

    private static void Add(LineBlocks blocks, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(blocks.Free.Span);
        blocks.Added(bytes.Length);
    }
}
