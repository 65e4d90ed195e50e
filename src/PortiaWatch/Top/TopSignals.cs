using System.Runtime.InteropServices;
using PortiaWatch.Interop;

namespace PortiaWatch.Top;

/// <summary>Signals while the view is open: what would end us ends the view first; a new size and a continuation draw it again.</summary>
internal sealed class TopSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public TopSignals(Action<int> end, Action resize, Action resume)
    {
        foreach (int signal in (int[])[Libc.SIGHUP, Libc.SIGINT, Libc.SIGQUIT, Libc.SIGTERM])
            On(signal, () => end(signal));
        On(Libc.SIGWINCH, resize);
        On(Abi.SIGCONT, resume);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void On(int signal, Action handle) => _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
    {
        context.Cancel = true;
        handle();
    }));
}
