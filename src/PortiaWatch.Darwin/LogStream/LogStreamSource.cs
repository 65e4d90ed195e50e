using System.Runtime.CompilerServices;
using System.Text;
using PortiaWatch.Darwin.Programs;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Darwin.LogStream;

/// <summary>
/// The unified log, by a child that runs log stream. It carries the collisions of Network.framework programs; node, python, go and their like write to their terminal
/// instead. Restarted by its supervisor; what was logged meanwhile comes from log show.
/// </summary>
/// <param name="surroundings">Where log is, and whether to ask it for everything.</param>
/// <param name="processorTime">What the child has cost so far; by default the system is asked.</param>
internal sealed class LogStreamSource(Surroundings surroundings, Func<LogChild, TimeSpan?>? processorTime = null) : ILogSource
{
    // sysexits.h, and what log itself does with them.
    private const int UsageError = 64;
    private const int NotPermitted = 77;

    // A message may be 32 KiB, and escaping can make six bytes of one.
    private const int LongestLine = 256 * 1024;

    private static readonly TimeSpan ShowLimit = TimeSpan.FromMinutes(1);

    // The last records of a stream that ended may not have reached us.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(2);

    private readonly SeenRecords _seen = new();
    private bool _isWide = surroundings.IsWideLog;
    private DateTimeOffset? _endedAt;
    private long _number;

    public string Name => "logstream";

    public bool CanWait => true;

    public bool EndsForGood => false;

    public async IAsyncEnumerable<LogRecord> ReadAsync(SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            string predicate = _isWide ? LogPredicate.Wide : LogPredicate.Narrow;
            await using LogChild child = LogChild.Start(surroundings.Log, LogPredicate.StreamArguments(predicate));
            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Func<TimeSpan?> cost = processorTime is null ? () => child.ProcessorTime : () => processorTime(child);
            Task<bool> guard = _isWide ? CpuGuard.WatchAsync(cost, child.Stop, surroundings.Time, ended.Token) : Task.FromResult(false);
            await foreach (LogRecord record in ReadAsync(child, predicate, report, cancellation))
                yield return record;
            _endedAt = surroundings.Time.GetUtcNow();
            await ended.CancelAsync();
            (int code, string complaints) = await child.WaitAsync(cancellation);
            if (await guard)
            {
                _isWide = false;
                report.Set(SourceState.Limited, "The wide log stream took more than 5 % of a core and was stopped; only Network.framework's and launchd's lines are read now.");
                continue;
            }

            ThrowFor(code, complaints);
            yield break;
        }
    }

    private async IAsyncEnumerable<LogRecord> ReadAsync(LogChild child, string predicate, SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        bool isReady = false;
        bool followsGap = true;
        LineBlocks lines = new(LongestLine);
        await foreach (LineBlock block in BlockingLines.ReadAsync(child.Output, lines, "portia log stream", cancellation))
        {
            if (block.IsCut)
            {
                report.CountCut();
                continue;
            }

            List<LogRecord> records = Parse(block.Bytes.Span, report, ref isReady, ref followsGap, out bool becameReady);
            if (becameReady)
            {
                // Whatever of the gap the stream itself brings again is known by then.
                foreach (LogRecord record in await FillGapAsync(predicate, report, cancellation))
                    yield return record;
            }

            foreach (LogRecord record in records)
                yield return record;
        }
    }

    private List<LogRecord> Parse(ReadOnlySpan<byte> block, SourceReport report, ref bool isReady, ref bool followsGap, out bool becameReady)
    {
        List<LogRecord> records = [];
        becameReady = false;
        foreach (Range range in block.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> text = block[range];
            if (text.IsEmpty)
                continue;

            // The banner, or any record, shows that log was let in and listens.
            if (!isReady)
            {
                isReady = becameReady = true;
                if (report.State is SourceState.Starting or SourceState.Restarting)
                    report.Set(SourceState.Running);
            }

            LogLine line = LogLine.Parse(text);
            if (line.Kind is LogLineKind.Loss or LogLineKind.Broken)
            {
                report.CountDropped(1);
                followsGap = true;
            }
            else if (line.Kind == LogLineKind.Message && _seen.Add(line.Key))
            {
                records.Add(Record(line, followsGap));
                followsGap = false;
            }
        }

        return records;
    }

    private async Task<List<LogRecord>> FillGapAsync(string predicate, SourceReport report, CancellationToken cancellation)
    {
        if (_endedAt is not { } ended)
            return [];
        _endedAt = null;
        ProgramResult? shown = await ShortProgram.RunAsync(surroundings.Log, LogPredicate.ShowArguments(predicate, ended - Overlap), ShowLimit, cancellation);
        if (shown is not { IsSuccess: true })
        {
            report.Set(SourceState.Running, "What was logged while log stream was down could not be read.");
            return [];
        }

        bool isReady = true;
        bool followsGap = true;
        return Parse(Encoding.UTF8.GetBytes(shown.Output), report, ref isReady, ref followsGap, out _);
    }

    private LogRecord Record(LogLine line, bool followsGap)
    {
        DateTimeOffset now = surroundings.Time.GetUtcNow();
        return new LogRecord
        {
            Text = line.Message,
            Source = Name,
            Trust = Trust.System,
            Time = line.Timestamp ?? now,
            ReadAt = now,
            Stream = $"{line.ProcessId}",
            Number = ++_number,
            Sender = line.ProcessId <= 0 ? null : new Sender(line.ProcessId)
            {
                Uid = line.UserId,
                Executable = line.ProcessImagePath,
                Name = line.ProcessImagePath is { } path ? Path.GetFileName(path) : null,
            },
            Reported = MachNameText.TryRead(line.Message, out Endpoint? name) ? name : null,
            IsWhole = true,
            FollowsGap = followsGap,
        };
    }

    private static void ThrowFor(int code, string complaints)
    {
        switch (code)
        {
            case 0:
                return;
            case NotPermitted:
                throw new SourceUnavailableException("log stream is only for administrators of this Mac; use log files or piped output, or an administrator's account.");
            case UsageError:
                throw new SourceUnavailableException($"log refused its arguments ({PlainText.Clean(complaints, 200)}); this macOS has another log than we know. Please report it.");
            default:
                throw new IOException($"log stream ended with code {code}{(complaints.Length > 0 ? ": " + PlainText.Clean(complaints, 200) : "")}");
        }
    }
}
