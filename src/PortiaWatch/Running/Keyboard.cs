using System.Runtime.InteropServices;
using System.Threading.Channels;
using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>
/// The one reader of the terminal: keys go to the command, or to an open question, or stay unread where they are. One thread, asleep in poll(2).
/// </summary>
internal sealed class Keyboard : IDisposable
{
    private const int Input = 0;
    private const int Chunk = 16 * 1024;
    private const byte ControlC = 3;

    private readonly Wake _wake = new();
    // More keys than that nobody answers with.
    private readonly Channel<byte> _answers = Channel.CreateBounded<byte>(
        new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private PseudoTerminal? _target;
    private bool _isAsking;
    private bool _isPaused;
    private bool _isStarted;

    // Of the reading thread.
    private readonly byte[] _pending = new byte[Chunk];
    private int _from;
    private int _to;

    /// <summary>Ctrl-Z was typed for a command that leaves it to the terminal.</summary>
    public event Action? Suspended;

    /// <summary>Ctrl-C or Ctrl-\ was typed into the command. On the reading thread, which must not be held up.</summary>
    public event Action? Interrupted;

    /// <summary>When Ctrl-C or Ctrl-\ was typed last; null before.</summary>
    public DateTimeOffset? InterruptedAt { get; private set; }

    /// <summary>Keys go to this command's terminal from now on; null: they are left unread.</summary>
    public void TypeInto(PseudoTerminal? terminal)
    {
        lock (_lock)
        {
            _target = terminal;
            if (!_isStarted && terminal is not null)
                new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "keyboard" }.Start();
            _isStarted |= terminal is not null;
        }

        _wake.Ring();
    }

    /// <summary>Leaves every key unread for the shell while the command is suspended or in the background.</summary>
    public void Pause(bool isPaused)
    {
        lock (_lock)
            _isPaused = isPaused;
        _wake.Ring();
    }

    /// <summary>Keys are answers from now on; what was typed before is none.</summary>
    public void StartAnswers()
    {
        RealTerminal.DiscardTypedAhead();
        while (_answers.Reader.TryRead(out _))
        {
        }

        Ask(true);
    }

    /// <summary>The next key.</summary>
    public ValueTask<byte> ReadKeyAsync(CancellationToken cancellation) => _answers.Reader.ReadAsync(cancellation);

    public void StopAnswers() => Ask(false);

    public void Dispose() => _answers.Writer.TryComplete();

    private void Ask(bool isAsking)
    {
        lock (_lock)
            _isAsking = isAsking;
        _wake.Ring();
    }

    private void Run()
    {
        while (true)
        {
            PseudoTerminal? target;
            bool isAsking, isPaused;
            lock (_lock)
                (target, isAsking, isPaused) = (_isPaused ? null : _target, _isAsking, _isPaused);
            if (target is null)
                _from = _to = 0;
            bool hasPending = _to > _from && !isAsking;
            bool isReading = !isPaused && !hasPending && (isAsking || target is not null);
            var input = new Libc.PollDescriptor { fd = isReading ? Input : -1, events = Libc.POLLIN };
            if (hasPending && target is not null)
                input = new Libc.PollDescriptor { fd = target.Master.Number, events = Libc.POLLOUT };
            var wake = new Libc.PollDescriptor { fd = _wake.Number, events = Libc.POLLIN };
            Libc.Await(ref input, ref wake, -1);
            if (wake.revents != 0)
            {
                // What was to be done may have changed.
                _wake.Clear();
                continue;
            }

            if (hasPending ? !Write() : !Read())
                return;
        }
    }

    // False when the terminal is gone.
    private unsafe bool Read()
    {
        nint count;
        fixed (byte* at = _pending)
            count = Libc.read(Input, at, Chunk);
        if (count <= 0)
            return count < 0 && Marshal.GetLastPInvokeError() is var error && (error == Libc.EINTR || error == Abi.EAGAIN);
        lock (_lock)
        {
            if (_isAsking)
            {
                foreach (byte key in _pending.AsSpan(0, (int)count))
                    _answers.Writer.TryWrite(key);
                return true;
            }

            (_from, _to) = (0, (int)count);
        }

        return Write();
    }

    private unsafe bool Write()
    {
        bool isSuspending = false;
        DateTimeOffset? before = InterruptedAt;
        lock (_lock)
        {
            if (_target is null || _to == _from)
                return true;
            nint written;
            fixed (byte* at = _pending)
                written = Libc.write(_target.Master.Number, at + _from, _to - _from);
            if (written > 0)
            {
                isSuspending = Notice(_pending.AsSpan(_from, (int)written), _target);
                _from += (int)written;
            }
            else if (Marshal.GetLastPInvokeError() is var error && error != Abi.EAGAIN && error != Libc.EINTR)
            {
                // The command is gone; whoever waits for it says what follows.
                _from = _to;
            }
        }

        if (InterruptedAt != before)
            Interrupted?.Invoke();
        if (isSuspending)
            Suspended?.Invoke();
        return true;
    }

    private bool Notice(ReadOnlySpan<byte> keys, PseudoTerminal terminal)
    {
        if (keys.IndexOfAnyInRange((byte)1, (byte)31) < 0 || terminal.Modes is not { } modes)
            return false;

        // A program that reads single keys takes the usual one for the same wish.
        if (keys.Contains(ControlC) || (modes.MakesSignals && (keys.Contains(modes.Key(Abi.VINTR)) || keys.Contains(modes.Key(Abi.VQUIT)))))
            InterruptedAt = TimeProvider.System.GetUtcNow();
        return modes.MakesSignals && keys.Contains(modes.Key(Abi.VSUSP));
    }
}
