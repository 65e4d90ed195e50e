using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.SystemSensor;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// Every bind and listen that gave EADDRINUSE, of every program, as the kernel tells it. A thread of its own waits on the ring and looks at the refused process at
/// once; when nobody takes the records, the ring fills, and the kernel counts what it could not put there.
/// </summary>
internal sealed class KernelSource(IProcessTable processes, TimeProvider time) : ILogSource
{
    // Handing over costs more than reading, so in a storm many go at once.
    private const int MaxTogether = 256;
    private const int MaxWaiting = 32;

    /// <summary>More than this in the ring, and the refused processes are told from the event alone: about a thousand of them wait.</summary>
    private const long HurryBytes = 256 * 1024;

    public string Name => "kernel";

    /// <summary>The ring is the buffer, and counts what it has to drop.</summary>
    public bool CanWait => true;

    public bool EndsForGood => false;

    /// <summary>Why it would be refused, in one sentence, as far as can be told without trying; null when nothing stands against it.</summary>
    public static string? Limit()
    {
        if (ArgumentRegisters.For(RuntimeInformation.ProcessArchitecture) is null)
            return Sensor.UnknownMachine;
        KernelRights rights = KernelRights.Read();
        if (rights.Missing() is { } missing)
            return SensorConnection.IsPossible() || SensorConnection.IsInstalled ? null : missing;
        return Tracefs.MountedAt() is null && !rights.MayMount ? Tracefs.Absence : null;
    }

    public async IAsyncEnumerable<LogRecord> ReadAsync(SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using SafeFileHandle stop = Libc.eventfd_create();
        using SemaphoreSlim room = new(MaxWaiting);
        Channel<LogRecord[]> records = Channel.CreateBounded<LogRecord[]>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true });
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration signal = stopping.Token.Register(() => Libc.eventfd_signal(stop));

        Thread reader = new(Read) { IsBackground = true, Name = "kernel source" };
        reader.Start();
        try
        {
            await foreach (LogRecord[] together in records.Reader.ReadAllAsync(cancellation))
            {
                room.Release();
                foreach (LogRecord record in together)
                {
                    report.CountRecord();
                    yield return record;
                }
            }
        }
        finally
        {
            // The sensor is detached when this returns, not some time later.
            await stopping.CancelAsync();
            await ended.Task;
        }

        void Read()
        {
            Exception? end = null;
            try
            {
                ReadRing(report, records.Writer, room, stop, stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
#pragma warning disable CA1031 // The thread's edge: whatever ended it is the caller's to see.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                end = failure;
            }

            records.Writer.TryComplete(end);
            ended.SetResult();
        }
    }

    /// <summary>A sensor of our own where we have the rights; else the system's, which has nothing but them.</summary>
    private static IEventFeed OpenFeed()
    {
        if (KernelRights.Read().Missing() is null)
            return Sensor.Start();

        // One that is installed comes back by itself after an update, and may start later than we do.
        if (!SensorConnection.IsPossible() && SensorConnection.IsInstalled)
            throw new IOException("The system's sensor does not run now.");
        return SensorConnection.IsPossible() ? SensorConnection.Open() : Sensor.Start();
    }

    private void ReadRing(SourceReport report, ChannelWriter<LogRecord[]> records, SemaphoreSlim room, SafeFileHandle stop, CancellationToken stopping)
    {
        using IEventFeed events = OpenFeed();
        using SafeFileHandle ready = Libc.epoll_create();
        Libc.epoll_add(ready, events.Readable);
        Libc.epoll_add(ready, stop);

        NamespaceView view = NamespaceView.Read();
        ContenderReader contenders = new(view, Glimpse.Of, processes.UserName, time);
        EventReading.Rehearse(new EventReading(contenders, time));
        EventReading reading = new(contenders, time);
        report.Set(events.Limit is null ? SourceState.Running : SourceState.Limited, events.Limit);

        List<LogRecord> together = new(MaxTogether);
        byte[] buffer = new byte[EventLayout.MaxBytes];
        long dropped = 0;
        while (!stopping.IsCancellationRequested)
        {
            Libc.epoll_wait(ready);
            do
            {
                together.Clear();
                while (together.Count < MaxTogether && events.TryRead(buffer, out int length))
                {
                    reading.Tell(buffer.AsSpan(0, length), hurried: events.Backlog > HurryBytes, together);
                }

                if (together.Count == 0)
                    break;
                room.Wait(stopping);
                records.TryWrite([.. together]);
            }
            while (together.Count >= MaxTogether);

            if (events.Dropped is var total && total == dropped)
                continue;
            report.CountDropped(total - dropped);
            dropped = total;
        }
    }
}
