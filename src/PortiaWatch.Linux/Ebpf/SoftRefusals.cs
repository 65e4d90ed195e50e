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

    /// <param name="process">As the first pid namespace numbers it.</param>
    /// <param name="at">CLOCK_MONOTONIC, in nanoseconds.</param>
    /// <param name="record">What was told of it.</param>
    public void Refused(int process, ulong at, LogRecord record)
    {
        // Full means a thousand programs refused and none that moved on; the oldest knowledge is worth least, all of it is worth little.
        if (_refused.Count >= MaxPending && !_refused.ContainsKey(process))
            _refused.Clear();
        _refused[process] = (at, record);
    }

    /// <summary>The refusal that this success makes a soft one, told again as such; null when there is none. Each is told once.</summary>
    public LogRecord? MovedOn(int process, ulong at, Endpoint where)
    {
        if (!_refused.TryGetValue(process, out (ulong Time, LogRecord Record) refusal))
            return null;
        Endpoint? wanted = refusal.Record.Reported;
        if (at - refusal.Time > WindowNanoseconds)
        {
            _refused.Remove(process);
            return null;
        }

        // The same port after all: it was freed meanwhile, or the program asked for another address.
        if (where.Port is null || wanted?.Port is null || where.Port == wanted.Port)
            return null;
        _refused.Remove(process);
        return refusal.Record with { ReportedKind = SightingKind.Soft };
    }
}
