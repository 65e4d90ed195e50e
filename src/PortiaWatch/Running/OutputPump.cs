using System.Runtime.InteropServices;
using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>
/// Passes on what the command writes, unchanged and at once, and lets an <see cref="Ear"/> hear it afterwards. One thread with one buffer; who reads
/// us slowly slows the command down, as it would without us.
/// </summary>
/// <param name="from">Does not block.</param>
/// <param name="to">One of our own standard streams.</param>
/// <param name="ear">Listens.</param>
/// <param name="screen">Held by a question, and then everything waits.</param>
internal sealed class OutputPump(Descriptor from, int to, Ear ear, Screen screen) : IDisposable
{
    // What a terminal and its line discipline can hold, twice: all that the command itself wrote before it ended.
    private const int MostAfterTheEnd = 160 * 1024;

    private readonly Wake _wake = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDraining;
    private volatile bool _isClosing;

    /// <summary>Every process that could write has closed its end, or <see cref="CloseAsync"/> was asked for.</summary>
    public Task Done => _done.Task;

    /// <summary>Whoever reads what we pass on waits for the last writer, with us or without us: a pipe or a socket, not a file.</summary>
    public bool HasPatientReader { get; } = Libc.isatty(to) == 0 && Libc.lseek(to, 0, Libc.SEEK_CUR) < 0;

    /// <summary>The last byte passed on ended a line, or there was none.</summary>
    public bool IsAtLineStart { get; private set; } = true;

    public void Start() => new Thread(Run, maxStackSize: 512 * 1024) { IsBackground = true, Name = $"output {to}" }.Start();

    /// <summary>The command has ended: done when everything that it left has been passed on and heard. What others still write flows on.</summary>
    public Task DrainAsync()
    {
        _isDraining = true;
        _wake.Ring();
        return _drained.Task;
    }

    /// <summary>Passes on what is there and stops, whoever may still write.</summary>
    public Task CloseAsync()
    {
        _isClosing = true;
        _wake.Ring();
        return _done.Task;
    }

    /// <summary>Only after <see cref="Done"/>.</summary>
    public void Dispose() => _wake.Dispose();

    private void Run()
    {
        int left = MostAfterTheEnd;
        while (true)
        {
            bool isDraining = _isDraining, isClosing = _isClosing;
            int count = ReadSome();
            if (count > 0)
                ear.Listen(count);
            bool isLeft = count > 0 && (!isDraining || (left -= count) > 0);
            if (isDraining && !isLeft && !_drained.Task.IsCompleted)
            {
                ear.End();
                _drained.SetResult();
            }

            if (count == 0 || (isClosing && !isLeft))
                break;
            if (count < 0)
                Await();
        }

        ear.End();
        _drained.TrySetResult();
        _done.SetResult();
    }

    // The number of bytes passed on; 0 at the end; -1 when there is nothing now.
    private unsafe int ReadSome()
    {
        Span<byte> free = ear.Free.Span;
        fixed (byte* buffer = free)
        {
            while (true)
            {
                nint count = Libc.read(from.Number, buffer, free.Length);
                if (count > 0)
                    return PassOn(buffer, (int)count) ? (int)count : 0;
                int error = count == 0 ? 0 : Marshal.GetLastPInvokeError();
                if (error == Libc.EINTR)
                    continue;

                // EIO: nobody has the terminal open any more.
                return error == Abi.EAGAIN ? -1 : 0;
            }
        }
    }

    private unsafe bool PassOn(byte* buffer, int count)
    {
        screen.AwaitOpen();
        lock (screen.Turn)
        {
            IsAtLineStart = buffer[count - 1] == (byte)'\n';
            return Output.TryWrite(to, buffer, count);
        }
    }

    private void Await()
    {
        var input = new Libc.PollDescriptor { fd = from.Number, events = Libc.POLLIN };
        var wake = new Libc.PollDescriptor { fd = _wake.Number, events = Libc.POLLIN };
        bool isExpecting = ear.IsExpecting;
        Libc.Await(ref input, ref wake, isExpecting ? (int)Pipeline.Detection.Detector.BlockWait.TotalMilliseconds : -1);
        if (wake.revents != 0)
            _wake.Clear();
        if (isExpecting)
            ear.Settle();
    }
}
