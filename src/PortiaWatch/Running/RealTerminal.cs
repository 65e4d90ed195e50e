using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>
/// The terminal that the user sits at (standard input): taken while the command runs on its own, and always given back as it was found. Thread-safe.
/// </summary>
internal sealed class RealTerminal : IDisposable
{
    private const int Input = 0;

    private readonly Lock _lock = new();
    private readonly TerminalModes _found;
    private bool _isTaken;

    private RealTerminal(TerminalModes found) => _found = found;

    /// <summary>Null when standard input is no terminal.</summary>
    public static RealTerminal? Open() => TerminalModes.Of(Input) is { } modes ? new RealTerminal(modes) : null;

    /// <summary>As it was found.</summary>
    public TerminalModes Found => _found;

    /// <summary>False in the background, where to read or to change the terminal would suspend us.</summary>
    public static bool IsInForeground => Libc.tcgetpgrp(Input) == Libc.getpgrp();

    /// <summary>Our group is a job of a shell that can continue it. Without one, nobody would ever wake a stopped Portia.</summary>
    public static bool CanBeSuspended => Libc.getsid(0) != Libc.getpgrp();

    /// <summary>Null when the terminal does not say.</summary>
    public static unsafe Libc.WindowSize? Size
    {
        get
        {
            Libc.WindowSize size = default;
            return Libc.Ioctl(Input, Abi.TIOCGWINSZ, &size) == 0 ? size : null;
        }
    }

    /// <summary>Every key goes through as it is. False in the background: nothing is changed there.</summary>
    public bool Take()
    {
        lock (_lock)
        {
            if (!IsInForeground)
                return false;
            _found.Raw.ApplyTo(Input);
            return _isTaken = true;
        }
    }

    /// <summary>Puts the settings back as they were found.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            if (_isTaken && IsInForeground)
                _found.ApplyTo(Input);
            _isTaken = false;
        }
    }

    /// <summary>What was typed and not read yet is nobody's answer.</summary>
    public static void DiscardTypedAhead() => _ = Libc.tcflush(Input, Abi.TCIFLUSH);

    /// <summary>Makes a group the foreground of the terminal, from the background too.</summary>
    public static unsafe void GiveForegroundTo(int group)
    {
        // From the background it would stop us (SIGTTOU) unless the signal is blocked.
        Libc.SignalSet blocked = default, before = default;
        _ = Libc.sigemptyset(&blocked);
        _ = Libc.sigaddset(&blocked, Libc.SIGTTOU);
        _ = Libc.sigprocmask(Abi.SIG_BLOCK, &blocked, &before);
        _ = Libc.tcsetpgrp(Input, group);
        _ = Libc.sigprocmask(Abi.SIG_SETMASK, &before, null);
    }

    public void Dispose() => GiveBack();
}
