using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Systemd;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Journald;

/// <summary>The systemd journal, through a <c>journalctl</c> child that follows it. journald vouches for the sender's pid, uid and unit.</summary>
/// <param name="stateFolder">Where the place in the journal is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="moreArguments">Selects another journal: <c>--namespace=NS</c>, <c>-D DIR</c>.</param>
/// <param name="program">Path of journalctl; null to look in the well-known folders.</param>
internal sealed class JournalSource(string stateFolder, TimeProvider time, IReadOnlyList<string>? moreArguments = null, string? program = null) : ILogSource
{
    // journald takes up to 48 KiB a line from a service, more through its own protocol. As an array of numbers a byte takes four.
    private const int MaxEntryBytes = 1024 * 1024;
    private const int MaxMessageBytes = LineBlocks.DefaultMaxLineBytes;

    // The age from which nothing is acted on anyway.
    private static readonly TimeSpan OldAge = TimeSpan.FromSeconds(10);

    // Kept over reboots, or not (journald.conf, Storage=).
    private static readonly string[] JournalFolders = ["/var/log/journal", "/run/log/journal"];

    // How long an ended journalctl may keep us waiting for its last words, and Ctrl+C, which ends it before us, for our own cancellation.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly JournalPlace _place = new(stateFolder, time);
    private DateTimeOffset? _firstStart;

    public string Name => "journal";

    public bool CanWait => true;

    public bool EndsForGood => false;

    /// <summary>Why the journal cannot be read here, in one sentence; null when it can, be it only the user's own part of it.</summary>
    public static string? Limit() => ChildProcess.Find("journalctl") is null ? "journalctl is not installed, so the system log cannot be read."
        : !JournalFolders.Any(Directory.Exists) ? "There is no systemd journal on this system, so there is no system log to read."
        : null;

    public async IAsyncEnumerable<LogRecord> ReadAsync(SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // What is written while a failed journalctl is started again is not to be missed, even before there is a cursor.
        _firstStart ??= time.GetUtcNow();
        await using var journalctl = Start();
        report.Set(SourceState.Running);
        var complaints = new JournalComplaints(report);
        var listening = complaints.ListenAsync(journalctl.Errors, cancellation);
        try
        {
            var (from, readFrom) = (_place.Cursor, _place.Time);
            await foreach (var block in BlockingLines.ReadAsync(journalctl.Output, new LineBlocks(MaxEntryBytes), "portia journal", cancellation))
            {
                foreach (var entry in Entries(block, report))
                {
                    // The place is inclusive, and one that the journal has lost leads to older entries.
                    var isKnown = entry.Cursor is not null && entry.Cursor == from || entry.Time < readFrom && time.GetUtcNow() - entry.Time > OldAge;
                    if (!isKnown && entry.Message.Length > 0 && !IsOurs(entry))
                        yield return Record(entry);
                    if (entry.Cursor is not null && !isKnown)
                        Advance(entry.Cursor, report);
                }
            }
        }
        finally
        {
            _place.Save();
        }

        throw await EndAsync(journalctl, listening, complaints, cancellation);
    }

    // What a watcher prints as a service goes into the journal too, evidence included: read again, each incident would be the next one's cause. So would the outcomes that
    // another watcher writes (another user's, a one-off). Who takes our message id for his own failure hides only that.
    private static bool IsOurs(JournalRecord entry) =>
        entry.IsOutcome ||
        entry.Sender is { } sender && (sender.Pid == Environment.ProcessId || (sender.Unit == WatcherUnit.Name && sender.Uid == Libc.geteuid()));

    private void Advance(string cursor, SourceReport report)
    {
        _place.Advance(cursor);
        if (_place.Failure is { } failure)
            report.Set(SourceState.Limited, $"it cannot keep its place in the journal: {failure}");
    }

    private ChildProcess Start()
    {
        var path = program ?? ChildProcess.Find("journalctl");
        try
        {
            return path is not null ? ChildProcess.Start(path, Arguments()) : throw new FileNotFoundException();
        }
        catch (Exception exception) when (exception is FileNotFoundException or Win32Exception { NativeErrorCode: Libc.ENOENT or Libc.EACCES })
        {
            throw new SourceUnavailableException("journalctl is not installed, so the system log cannot be read; name log files in the configuration, or use --source stdin.", exception);
        }
    }

    // No -g. It looks at the first of several MESSAGE fields only, needs a journalctl built with PCRE2, and fails on a colour code inside a phrase: each a collision missed.
    // Nor would it be cheap: over 20,000 entries the pattern of all words that the detector knows took 0.5 to 0.9 s of journalctl, printing every entry took 0.4 to 0.5 s.
    // --all: a message over 4 KiB (a long stack trace) is null without it. No -q: it silences the hint about missing rights.
    private IEnumerable<string> Arguments() =>
    [
        "-f", "-o", "json",
        "--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_PID,_COMM,_EXE,_UID,_SYSTEMD_UNIT,_SYSTEMD_USER_UNIT,_TRANSPORT,CONTAINER_ID,CONTAINER_NAME,MESSAGE_ID",
        "--no-pager", "--all", "-n", "all",
        _place.Cursor is { } cursor ? $"--cursor={cursor}" : $"--since=@{SecondsOf(_firstStart ?? time.GetUtcNow())}",
        .. moreArguments ?? [],
    ];

    private static string SecondsOf(DateTimeOffset moment) => ((moment - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("F6", CultureInfo.InvariantCulture);

    private static IEnumerable<JournalRecord> Entries(LineBlock block, SourceReport report)
    {
        if (block.IsCut)
        {
            report.CountCut();
            yield break;
        }

        for (var rest = block.Bytes; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (JournalRecordReader.TryRead(line.Span, out var entry))
            {
                if (entry.IsMessageWithheld || entry.Message.Length > MaxMessageBytes)
                    report.CountCut();
                yield return entry;
            }
            else if (line.Span is [(byte)'{', ..])
                report.CountDropped(1);
        }
    }

    private LogRecord Record(JournalRecord entry)
    {
        var now = time.GetUtcNow();
        return new LogRecord
        {
            Text = entry.Message.AsMemory(0, Math.Min(entry.Message.Length, MaxMessageBytes)),
            Source = Name,
            Trust = Trust.System,
            Time = entry.Time ?? now,
            ReadAt = now,
            Stream = entry.Sender?.Elsewhere ?? entry.Sender?.Pid.ToString(CultureInfo.InvariantCulture) ?? "",
            Sender = entry.Sender,
            IsWhole = true,
        };
    }

    private async Task<Exception> EndAsync(ChildProcess journalctl, Task listening, JournalComplaints complaints, CancellationToken cancellation)
    {
        int? code = null;
        try
        {
            code = await journalctl.ExitAsync(cancellation).WaitAsync(Patience, time, cancellation);
            await listening.WaitAsync(Patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            // It closed its output and lives on, or left its pipe to a child: either way there is nothing more to read.
        }

        const int EndedByCtrlC = 130;
        if (code == EndedByCtrlC)
            await Task.Delay(Patience, time, cancellation);
        if (complaints.LacksRights)
            return new SourceUnavailableException("You may not read the system journal. Run: sudo usermod -aG systemd-journal $USER, then log in again.") { IsPermission = true };
        if (complaints.RefusesCursor)
            _place.Forget();
        var said = complaints.Last is { } last ? $": {last}" : "";
        return new IOException(code is null ? $"journalctl closed its output{said}" : $"journalctl ended with exit code {code}{said}");
    }
}
