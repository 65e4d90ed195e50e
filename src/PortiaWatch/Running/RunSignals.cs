using System.Runtime.InteropServices;
using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>
/// What others tell us is for the command. What would end us ends, besides, whatever we are about to do: no question, no strike, no further start.
/// </summary>
internal sealed class RunSignals : IDisposable
{
    private const int SignalBase = 128;

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly JobControl _job;

    public RunSignals(JobControl job)
    {
        _job = job;
        foreach (int signal in (int[])[Libc.SIGHUP, Libc.SIGINT, Libc.SIGQUIT, Libc.SIGTERM])
            On(signal, () => Ending(signal));
        foreach (int signal in (int[])[Abi.SIGUSR1, Abi.SIGUSR2])
            On(signal, () => job.Current?.Signal(signal));
        On(Libc.SIGWINCH, () => job.Current?.Terminal?.Resize(RealTerminal.Size));
        On(Abi.SIGCONT, job.OnContinueSignal);
        On(Abi.SIGTSTP, job.OnStopSignal);
    }

    /// <summary>Cancelled by the first signal that ends a program.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>What we answer when such a signal came while no command ran.</summary>
    public int ExitCode { get; private set; } = SignalBase + Libc.SIGINT;

    /// <summary>One that came while the command was being started is for it all the same.</summary>
    public void PassOnEarlyOne(Child child)
    {
        if (_stop.IsCancellationRequested)
            child.SignalGroup(ExitCode - SignalBase);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void On(int signal, Action handle)
    {
        // What was ignored before us (nohup) stays ignored, by us and by the command.
        if (Spawning.IsIgnored(signal))
            return;
        _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
        {
            context.Cancel = true;
            handle();
        }));
    }

    private void Ending(int signal)
    {
        ExitCode = SignalBase + signal;
        _stop.Cancel();

        // Who ends a job of ours would have reached them all; and few programs that start others (npm, sh) pass it on.
        _job.Current?.SignalGroup(signal);

        // One that is suspended would never hear of it.
        _job.Current?.SignalGroup(Abi.SIGCONT);
    }
}
