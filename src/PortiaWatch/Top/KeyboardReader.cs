using System.Diagnostics;
using System.Runtime.InteropServices;
using PortiaWatch.Interop;
using PortiaWatch.Running;

namespace PortiaWatch.Top;

/// <summary>Reads the terminal's keys on a thread of its own, asleep in poll(2).</summary>
/// <param name="press">Gets each key and the <see cref="Stopwatch"/> time at which it was read.</param>
/// <param name="gone">Called once when the terminal has gone.</param>
internal sealed class KeyboardReader(Action<Key, long> press, Action gone) : IDisposable
{
    private const int Input = 0;

    // How long the rest of an escape sequence may take over a slow line before it was the key of that name.
    private const int EscapeMilliseconds = 60;

    private readonly Wake _end = new();
    private readonly byte[] _bytes = new byte[1024];
    private Thread? _thread;
    private int _count;

    public void Start()
    {
        _thread = new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "keyboard" };
        _thread.Start();
    }

    public void Dispose()
    {
        _end.Ring();
        _thread?.Join();
        _end.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            var input = new Libc.PollDescriptor { fd = Input, events = Libc.POLLIN };
            var end = new Libc.PollDescriptor { fd = _end.Number, events = Libc.POLLIN };
            Libc.Await(ref input, ref end, _count > 0 ? EscapeMilliseconds : -1);
            if (end.revents != 0)
                return;
            if (input.revents == 0)
                GiveUpWaiting();
            else if (!Read())
                break;
        }

        gone();
    }

    // False when the terminal has gone.
    private unsafe bool Read()
    {
        nint count;
        fixed (byte* at = &_bytes[_count])
            count = Libc.read(Input, at, _bytes.Length - _count);
        if (count <= 0)
            return count < 0 && Marshal.GetLastPInvokeError() is var error && (error == Libc.EINTR || error == Abi.EAGAIN);
        _count += (int)count;
        long now = Stopwatch.GetTimestamp();
        int from = 0;
        while (KeyCodes.Read(_bytes.AsSpan(from, _count - from), out Key key) is > 0 and var used)
        {
            from += used;
            press(key, now);
        }

        Drop(from);
        return true;
    }

    private void GiveUpWaiting()
    {
        bool wasEscape = _count > 0 && _bytes[0] == 0x1b;
        Drop(_count);
        if (wasEscape)
            press(Key.Of(KeyName.Escape), Stopwatch.GetTimestamp());
    }

    private void Drop(int count)
    {
        _bytes.AsSpan(count, _count - count).CopyTo(_bytes);
        _count -= count;
    }
}
