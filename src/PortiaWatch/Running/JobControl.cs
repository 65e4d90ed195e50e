using System.Globalization;
using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>
/// Ctrl-Z, fg and bg. The command is the first of a session of its own, where the kernel lets no terminal suspend it; so it is stopped here, and when
/// it has stopped (by whatever cause) Portia gives the terminal back and stops too, with its whole job. Continued by the shell, it takes the terminal
/// again and lets the command go on.
/// </summary>
internal sealed class JobControl(RealTerminal? real, Keyboard keyboard) : IDisposable
{
    private readonly ManualResetEventSlim _continued = new();
    private readonly Lock _lock = new();
    private Child? _child;
    private volatile bool _isStopping;

    /// <summary>The command that keys, signals and stops are about; null between two.</summary>
    public Child? Current => _child;

    /// <summary>Takes the terminal for this command.</summary>
    public void Begin(Child child)
    {
        lock (_lock)
        {
            _child = child;
            TakeTerminal(child);
        }
    }

    /// <summary>Gives the terminal back as it was found.</summary>
    public void End()
    {
        lock (_lock)
        {
            keyboard.TypeInto(null);
            real?.GiveBack();
            if (real is null && _child is not null && HasForeground(_child))
                RealTerminal.GiveForegroundTo(Libc.getpgrp());
            _child = null;
        }
    }

    /// <summary>Ctrl-Z was typed.</summary>
    public void OnSuspendKey()
    {
        // A shell in there looks after its own jobs, and one at its prompt ignores the key, as it would without us.
        if (_child is not { Terminal: { } terminal } child || !RealTerminal.CanBeSuspended)
            return;
        if (terminal.Foreground == child.Pid && !IgnoresSuspension(child.Pid))
            child.SignalGroup(Abi.SIGSTOP);
    }

    /// <summary>Somebody asked us to stop (kill -TSTP).</summary>
    public void OnStopSignal()
    {
        if (!_isStopping && RealTerminal.CanBeSuspended)
            _child?.SignalGroup(Abi.SIGSTOP);
    }

    /// <summary>The shell lets us go on: in front or in the background.</summary>
    public void OnContinueSignal()
    {
        if (_isStopping)
        {
            _continued.Set();
            return;
        }

        lock (_lock)
        {
            if (_child is { } child)
                TakeTerminal(child);
        }
    }

    /// <summary>The command was stopped by a signal. Returns when we were continued.</summary>
    public void OnStopped(int signal)
    {
        Child? attended;

        // It may stop before the terminal is wholly given to it.
        lock (_lock)
            attended = _child;
        if (attended is not { } child)
            return;

        // It read the terminal in the moment before it was given it.
        if (signal is Libc.SIGTTIN or Libc.SIGTTOU && HasForeground(child))
        {
            child.SignalGroup(Abi.SIGCONT);
            return;
        }

        if (!RealTerminal.CanBeSuspended || Libc.isatty(0) == 0)
            return;
        lock (_lock)
        {
            keyboard.Pause(true);
            real?.GiveBack();
            if (HasForeground(child))
                RealTerminal.GiveForegroundTo(Libc.getpgrp());
        }

        _continued.Reset();
        _isStopping = true;
        Libc.SignalOthersOfOurGroup(Abi.SIGTSTP);
        _ = Libc.kill(Environment.ProcessId, Abi.SIGSTOP);
        _continued.Wait();
        _isStopping = false;
        lock (_lock)
            TakeTerminal(child);
        child.SignalGroup(Abi.SIGCONT);
    }

    public void Dispose() => _continued.Dispose();

    private void TakeTerminal(Child child)
    {
        if (child.Terminal is { } terminal)
        {
            bool isOurs = real is not null && real.Take();
            keyboard.Pause(!isOurs);
            if (isOurs)
            {
                terminal.Resize(RealTerminal.Size);
                keyboard.TypeInto(terminal);
            }
        }
        else if (Libc.isatty(0) != 0 && RealTerminal.IsInForeground)
        {
            // On pipes it may still read keys, as a job of a shell does.
            RealTerminal.GiveForegroundTo(child.Pid);
            child.SignalGroup(Abi.SIGCONT);
        }
    }

    private static bool HasForeground(Child child) => child.Terminal is null && Libc.isatty(0) != 0 && Libc.tcgetpgrp(0) == child.Pid;

    // proc(5): the mask of ignored signals in hexadecimal, the lowest bit is signal 1. Elsewhere nothing is known, and the key stops the command.
    private static bool IgnoresSuspension(int pid)
    {
        const string Field = "SigIgn:";
        string file = $"/proc/{pid}/status";
        try
        {
            string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) : null;
            return ulong.TryParse(line.AsSpan(line is null ? 0 : Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong ignored)
                && (ignored >> (Abi.SIGTSTP - 1) & 1) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
