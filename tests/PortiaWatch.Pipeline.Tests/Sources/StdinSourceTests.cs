using System.IO.Pipes;
using System.Text;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Sources;

public sealed class StdinSourceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly SourceReport _report = new("stdin");

    [Fact]
    public async Task ReadAsync_WholeStream_DeliversEveryLineOnceWithNumbersAndWithoutVouching()
    {
        var text = new StringBuilder();
        for (var i = 1; i <= 50_000; i++)
            text.Append("line ").Append(i).Append('\n');
        text.Append("no end");

        var records = await ReadAsync(Encoding.UTF8.GetBytes(text.ToString()));

        Assert.Equal(text.ToString(), string.Concat(records.Select(r => Encoding.UTF8.GetString(r.Text.Span))));
        Assert.InRange(records.Count, 2, 30);
        Assert.All(records, r => Assert.Equal((Trust.Text, "stdin", null, "", Some.Noon), (r.Trust, r.Source, r.Sender, r.Stream, r.Time)));
        Assert.Equal(50_001, records[^1].Number);
        foreach (var record in records.SkipLast(1))
            Assert.StartsWith($"line {record.Number}\n", Encoding.UTF8.GetString(record.Text.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_NulsAndHalfUtf8_PassUntouched()
    {
        byte[] bytes = [0, 0xE2, 0x82, (byte)'\n', 0xFF, 0xFE, (byte)'x'];

        var records = await ReadAsync(bytes);

        Assert.Equal(bytes, records.SelectMany(r => r.Text.ToArray()));
    }

    [Fact]
    public async Task ReadAsync_LineOfTenMegabytes_IsCutCountedAndFollowedByTheNext()
    {
        var bytes = new byte[10_000_000];
        Array.Fill(bytes, (byte)'x');
        byte[] all = [.. "before\n"u8, .. bytes, .. "\nafter\n"u8];

        var records = await ReadAsync(all);

        Assert.Equal(["before\n", new string('x', 65_536), "after\n"], records.Select(r => Encoding.UTF8.GetString(r.Text.Span)));
        Assert.Equal([1L, 2L, 3L], records.Select(r => r.Number));
        Assert.Equal([false, false, true], records.Select(r => r.FollowsGap));
        Assert.Equal(1, _report.Cut);
    }

    [Fact]
    public async Task ReadAsync_SilentPipe_IsRunningAndLeavesAtOnceWhenCancelled()
    {
        // The writing end goes first (last declared): closing the end that a thread is blocked on would wait for that thread.
        await using var reading = new AnonymousPipeServerStream(PipeDirection.In);
        await using var writing = new AnonymousPipeClientStream(PipeDirection.Out, reading.ClientSafePipeHandle);
        using var stop = new CancellationTokenSource();
        await using var records = new StdinSource(reading, new ManualTimeProvider()).ReadAsync(_report, stop.Token).GetAsyncEnumerator();

        var pending = records.MoveNextAsync().AsTask();
        await writing.WriteAsync("a line\nand a prompt> "u8.ToArray());
        Assert.True(await pending.WaitAsync(Limit));
        Assert.Equal("a line\n", Encoding.UTF8.GetString(records.Current.Text.Span));
        pending = records.MoveNextAsync().AsTask();
        Assert.Equal(SourceState.Running, _report.State);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(Limit));
    }

    [Fact]
    public async Task ReadAsync_FailedRead_ThrowsAndGoesOnWhereItWas()
    {
        using var stream = new StumblingStream("one\ntw"u8.ToArray(), "o\n"u8.ToArray());
        var source = new StdinSource(stream, new ManualTimeProvider());
        List<LogRecord> records = [];

        await Assert.ThrowsAsync<IOException>(() => CollectAsync(source, records).WaitAsync(Limit));
        await CollectAsync(source, records).WaitAsync(Limit);

        Assert.Equal(["one\n", "two\n"], records.Select(r => Encoding.UTF8.GetString(r.Text.Span)));
        Assert.Equal([1L, 2L], records.Select(r => r.Number));
    }

    [Fact]
    public async Task ReadAsync_ConsumerThatLeaves_StopsTheReader()
    {
        using var stream = new EndlessStream();
        await foreach (var _ in new StdinSource(stream, new ManualTimeProvider()).ReadAsync(_report, CancellationToken.None))
            break;

        await stream.Stopped.WaitAsync(Limit);
    }

    private async Task<List<LogRecord>> ReadAsync(byte[] bytes)
    {
        List<LogRecord> records = [];
        using var stream = new MemoryStream(bytes);
        await CollectAsync(new StdinSource(stream, new ManualTimeProvider()), records).WaitAsync(Limit);
        return records;
    }

    private async Task CollectAsync(StdinSource source, List<LogRecord> into)
    {
        await foreach (var record in source.ReadAsync(_report, CancellationToken.None))
            into.Add(record);
    }

    /// <summary>Gives one part, fails once, gives the other, ends.</summary>
    private sealed class StumblingStream(byte[] first, byte[] second) : MemoryStream
    {
        private int _reads;

        public override int Read(Span<byte> buffer)
        {
            switch (++_reads)
            {
                case 1:
                    first.CopyTo(buffer);
                    return first.Length;
                case 2:
                    throw new IOException("a read failed");
                case 3:
                    second.CopyTo(buffer);
                    return second.Length;
                default:
                    return 0;
            }
        }
    }

    /// <summary>Never ends; knows when nobody has read from it any more, because its reader's thread has let go.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Thread? _reader;

        public Task Stopped => _stopped.Task;

        public override int Read(Span<byte> buffer)
        {
            if (_reader is null)
            {
                _reader = Thread.CurrentThread;
                new Thread(AwaitReader).Start();
            }

            buffer.Fill((byte)'\n');
            return buffer.Length;
        }

        private void AwaitReader()
        {
            _reader?.Join();
            _stopped.SetResult();
        }
    }
}
