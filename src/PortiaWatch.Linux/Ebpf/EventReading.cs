using System.Diagnostics;
using System.Globalization;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// Makes records of events, one after the other. For one thread. <c>listening</c> hears of every socket that begins to listen, on that thread: it must be quick.
/// </summary>
internal sealed class EventReading(IProcessTable processes, NamespaceView view, TimeProvider time, Action<ListeningSocket>? listening)
{
    private readonly ContenderReader _contenders = new(processes, view, time);
    private readonly SoftRefusals _soft = new();

    /// <summary>Null for what is nobody's collision. <paramref name="hurried"/> is as <see cref="ContenderReader.Read"/> takes it.</summary>
    public LogRecord? Tell(KernelEvent seen, bool hurried)
    {
        if (RefusedEndpoint.Of(seen) is not { } endpoint)
            return null;
        if (seen.Kind == KernelEventKind.Listening)
        {
            Announce(seen, endpoint);
            return _soft.MovedOn(seen, endpoint) is { } soft ? soft with { ReadAt = time.GetUtcNow() } : null;
        }

        LogRecord record = Refusal(seen, endpoint, hurried);
        _soft.Refused(seen, record);
        return record;
    }

    private void Announce(KernelEvent seen, Endpoint endpoint)
    {
        if (listening is not null && seen.Socket is { } socket && view.LocalPid(seen) is { } pid)
            listening(new ListeningSocket(pid, seen.Descriptor, socket.Inode, endpoint));
    }

    private LogRecord Refusal(KernelEvent seen, Endpoint endpoint, bool hurried)
    {
        // CLOCK_MONOTONIC is what Stopwatch counts on Linux, in the same nanoseconds.
        DateTimeOffset now = time.GetUtcNow();
        long age = Math.Max(0, Stopwatch.GetTimestamp() - (long)seen.TimeNanoseconds);
        return new LogRecord
        {
            Text = default,
            Source = "kernel",
            Trust = Trust.Kernel,
            Time = now - TimeSpan.FromTicks(age / TimeSpan.NanosecondsPerTick),
            ReadAt = now,
            Stream = seen.Process.ToString(CultureInfo.InvariantCulture),
            Sender = _contenders.Read(seen, hurried),
            Reported = endpoint,
            IsWhole = true,
        };
    }
}
