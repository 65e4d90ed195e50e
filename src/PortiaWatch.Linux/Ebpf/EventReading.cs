using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// Makes records of the ring's events, one after the other. For one thread.
/// </summary>
internal sealed class EventReading(ContenderReader contenders, TimeProvider time)
{
    private readonly Repeats _repeats = new();
    private readonly SoftRefusals _soft = new();

    /// <summary>
    /// Has an event about ourselves read that nobody hears of. The first one takes 20 ms while the runtime compiles what it needs, and a program that is refused
    /// and ends is gone in one.
    /// </summary>
    public static void Rehearse(EventReading reading)
    {
        byte[] address = [RefusedEndpoint.AF_INET, 0, 0, 0, 127, 0, 0, 1];
        byte[] bytes = new byte[EventLayout.HeadBytes + address.Length + 1];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(EventLayout.Kind), (int)KernelEventKind.BindRefused);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(EventLayout.Process), Environment.ProcessId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(EventLayout.AddressLength), address.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(EventLayout.Inode), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(EventLayout.Started), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(EventLayout.SocketFamily), RefusedEndpoint.AF_INET);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(EventLayout.CommandLineLength), 1);
        address.CopyTo(bytes, EventLayout.HeadBytes);
        reading.Tell(bytes, hurried: false, []);
        reading.Tell(bytes, hurried: false, []);
    }

    /// <summary>Adds nothing for what is nobody's collision. <paramref name="hurried"/> is as <see cref="ContenderReader.Read"/> takes it.</summary>
    public void Tell(ReadOnlySpan<byte> bytes, bool hurried, List<LogRecord> into)
    {
        if (bytes.Length < EventLayout.HeadBytes)
            return;
        ulong at = BinaryPrimitives.ReadUInt64LittleEndian(bytes[EventLayout.Time..]);
        if (_repeats.Find(bytes) is { } known)
        {
            (DateTimeOffset happened, DateTimeOffset now) = Times(at);
            into.Add(Refused(known with { Time = happened, ReadAt = now }, BinaryPrimitives.ReadInt32LittleEndian(bytes[EventLayout.Process..]), at));
            return;
        }

        if (!KernelEvent.TryParse(bytes, out KernelEvent? seen) || RefusedEndpoint.Of(seen) is not { } endpoint)
            return;
        if (seen.Kind == KernelEventKind.Listening)
        {
            foreach (LogRecord soft in _soft.MovedOn(seen.Process, at, endpoint))
                into.Add(soft with { ReadAt = time.GetUtcNow() });
            return;
        }

        LogRecord record = Refusal(seen, endpoint, hurried);
        _repeats.Keep(bytes, record);
        into.Add(Refused(record, seen.Process, at));
    }

    private LogRecord Refused(LogRecord record, int process, ulong at)
    {
        _soft.Refused(process, at, record);
        return record;
    }

    private LogRecord Refusal(KernelEvent seen, Endpoint endpoint, bool hurried)
    {
        Sender sender = contenders.Read(seen, hurried);
        (DateTimeOffset happened, DateTimeOffset now) = Times(seen.TimeNanoseconds);
        return new LogRecord
        {
            Text = default,
            Source = "kernel",
            Trust = Trust.Kernel,
            Time = happened,
            ReadAt = now,
            Stream = seen.Process.ToString(CultureInfo.InvariantCulture),
            Sender = sender,
            Reported = endpoint,
            IsWhole = true,
        };
    }

    // CLOCK_MONOTONIC is what Stopwatch counts on Linux, in the same nanoseconds.
    private (DateTimeOffset Happened, DateTimeOffset Now) Times(ulong monotonicNanoseconds)
    {
        DateTimeOffset now = time.GetUtcNow();
        long age = Math.Max(0, Stopwatch.GetTimestamp() - (long)monotonicNanoseconds);
        return (now - TimeSpan.FromTicks(age / TimeSpan.NanosecondsPerTick), now);
    }
}
