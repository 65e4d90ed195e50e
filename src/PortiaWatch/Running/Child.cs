using System.Runtime.InteropServices;
using PortiaWatch.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Running;

/// <summary>
/// One run of the command. Once it has ended it stays unreaped until <see cref="Reap"/>, so that neither its pid nor its group can be anybody else's
/// while signals may still be sent there.
/// </summary>
internal sealed class Child : IDisposable
{
    // wait.h: si_code of a child that was stopped.
    private const int CLD_STOPPED = 5;

    /// <summary>Between SIGTERM and SIGKILL for what the command leaves behind, and for itself when it must be started again.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ChildStreams _streams;
    private readonly List<OutputPump> _pumps = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int? _exitCode;

    private Child(int pid, ChildStreams streams, DateTimeOffset startedAt)
    {
        Pid = pid;
        StartedAt = startedAt;
        _streams = streams;
    }

    public int Pid { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Null when it runs on pipes.</summary>
    public PseudoTerminal? Terminal => _streams.Terminal;

    /// <summary>The command itself has ended; others that it started may live on.</summary>
    public Task Ended => _ended.Task;

    public bool IsAtLineStart => _pumps.TrueForAll(pump => pump.IsAtLineStart);

    /// <summary>Throws <see cref="SpawnFailure"/> when there is no such command.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="port">Value for PORT; null leaves it.</param>
    /// <param name="real">The terminal that it gets one of its own for; null: pipes.</param>
    /// <param name="screen">Asked before each write to our own streams.</param>
    /// <param name="heard">Hears of every failure it tells of, on a thread that passes on output.</param>
    public static Child Start(IReadOnlyList<string> command, int? port, RealTerminal? real, Screen screen, Action<Sighting> heard)
    {
        PseudoTerminal? terminal = real is null ? null : PseudoTerminal.Open(real.Found, RealTerminal.Size);
        ChildStreams streams = ChildStreams.Open(terminal, ChildStreams.HasOwnErrors(onTerminal: terminal is not null));
        try
        {
            var child = new Child(Spawning.Start(command, port, streams), streams, TimeProvider.System.GetUtcNow());
            streams.CloseTheirEnds();
            foreach ((Descriptor from, int to, string name) in streams.Flows)
                child._pumps.Add(new OutputPump(from, to, new Ear(name, TimeProvider.System, heard), screen));
            return child;
        }
        catch
        {
            streams.Dispose();
            throw;
        }
    }

    /// <summary>Begins to pass on its output and to wait for its end.</summary>
    /// <param name="stopped">Called on a thread of its own, with the signal, when the command was suspended.</param>
    public void Attend(Action<int> stopped)
    {
        foreach (OutputPump pump in _pumps)
            pump.Start();
        new Thread(() => AwaitEnd(stopped), maxStackSize: 256 * 1024) { IsBackground = true, Name = "exit" }.Start();
    }

    /// <summary>To the command alone. Nothing happens once it is reaped.</summary>
    public void Signal(int signal) => SendTo(Pid, signal);

    /// <summary>To its whole process group.</summary>
    public void SignalGroup(int signal) => SendTo(-Pid, signal);

    /// <summary>True for the command and for whatever runs in its session (with a terminal of its own) or its group.</summary>
    public bool Owns(int pid) => pid == Pid || (Terminal is null ? Libc.getpgid(pid) : Libc.getsid(pid)) == Pid;

    /// <summary>Everything that it wrote before its end has been passed on and heard.</summary>
    public Task DrainAsync() => Task.WhenAll(_pumps.Select(pump => pump.DrainAsync()));

    /// <summary>The last look at its output: to the end of the last writer where a reader waits for that anyway, else what is there now.</summary>
    public Task CloseAsync(bool isForGood)
    {
        bool isPatient = isForGood && Terminal is null;
        return Task.WhenAll(_pumps.Select(pump => isPatient && pump.HasPatientReader ? pump.Done : pump.CloseAsync()));
    }

    /// <summary>The exit code, or 128 and the signal. Only after <see cref="Ended"/>.</summary>
    public unsafe int Reap()
    {
        lock (_lock)
        {
            if (_exitCode is { } known)
                return known;
            int status = 0;
            while (Libc.waitpid(Pid, &status, 0) < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR)
            {
            }

            _exitCode = ExitStatus.CodeOf(status);
            return _exitCode.Value;
        }
    }

    /// <summary>Ends the command, if it still lives, and everything that is left of its group.</summary>
    public async Task EndAsync()
    {
        SignalGroup(Abi.SIGCONT);
        SignalGroup(Libc.SIGTERM);
        await Task.WhenAny(Ended, Task.Delay(Grace));
        if (!Ended.IsCompleted)
        {
            SignalGroup(Libc.SIGKILL);
            await Ended;
        }

        // As long as the command is not reaped, its number and so its group's is nobody else's.
        for (TimeSpan waited = TimeSpan.Zero; ProcessGroup.HasOthers(Pid) && waited < 2 * Grace; waited += Pause)
        {
            if (waited >= Grace)
                SignalGroup(Libc.SIGKILL);
            await Task.Delay(Pause);
        }

        Reap();
    }

    public void Dispose()
    {
        foreach (OutputPump pump in _pumps)
        {
            if (pump.Done.IsCompleted)
                pump.Dispose();
        }

        if (_pumps.TrueForAll(pump => pump.Done.IsCompleted))
            _streams.Dispose();
    }

    private void SendTo(int target, int signal)
    {
        lock (_lock)
        {
            if (_exitCode is null)
                _ = Libc.kill(target, signal);
        }
    }

    private unsafe void AwaitEnd(Action<int> stopped)
    {
        while (true)
        {
            Libc.SignalReport report = default;
            if (Libc.waitid(Libc.P_PID, Pid, &report, Libc.WEXITED | Abi.WSTOPPED | Abi.WNOWAIT) != 0)
            {
                if (Marshal.GetLastPInvokeError() == Libc.EINTR)
                    continue;
                break;
            }

            if (report.si_code != CLD_STOPPED)
                break;

            // Takes the news of the stop, which would be reported again otherwise.
            int status = 0;
            if (Libc.waitpid(Pid, &status, Libc.WUNTRACED | Libc.WNOHANG) == Pid && (status & 0xff) != 0x7f)
            {
                _exitCode = ExitStatus.CodeOf(status);
                break;
            }

            stopped((status >> 8) & 0xff);
        }

        _ended.SetResult();
    }
}
