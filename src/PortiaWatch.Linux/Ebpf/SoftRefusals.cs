using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// Remembers who was refused, so that a program that soon listens on another port (vite, jupyter, …) is known to have moved on. Measured by the kernel's own
/// timestamps: no timer. For one thread.
/// </summary>
internal sealed class SoftRefusals
{
    private const ulong WindowNanoseconds = 2_000_000_000;
    private const int MaxPending = 1024;

    private readonly Dictionary<int, (ulong Time, LogRecord Record)> _refused = [];

    public void Refused(KernelEvent seen, LogRecord record)
    {
        // Full means a thousand programs refused and none that moved on; the oldest knowledge is worth least, all of it is worth little.
        if (_refused.Count >= MaxPending && !_refused.ContainsKey(seen.Process))
            _refused.Clear();
        _refused[seen.Process] = (seen.TimeNanoseconds, record);
    }

    /// <summary>The refusal that this success makes a soft one, told again as such; null when there is none. Each is told once.</summary>
    public LogRecord? MovedOn(KernelEvent listening, Endpoint where)
    {
        if (!_refused.TryGetValue(listening.Process, out (ulong Time, LogRecord Record) refusal))
            return null;
        Endpoint? wanted = refusal.Record.Reported;
        if (listening.TimeNanoseconds - refusal.Time > WindowNanoseconds)
        {
            _refused.Remove(listening.Process);
            return null;
        }

        // The same port after all: it was freed meanwhile, or the program asked for another address.
        if (where.Port is null || wanted?.Port is null || where.Port == wanted.Port)
            return null;
        _refused.Remove(listening.Process);
        return refusal.Record with { ReportedKind = SightingKind.Soft };
    }
}
