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
    private const int MaxOfOneProcess = 64;

    private readonly Dictionary<int, List<(ulong Time, LogRecord Record)>> _refused = [];

    /// <param name="process">As the first pid namespace numbers it.</param>
    /// <param name="at">CLOCK_MONOTONIC, in nanoseconds.</param>
    /// <param name="record">What was told of it.</param>
    public void Refused(int process, ulong at, LogRecord record)
    {
        if (!_refused.TryGetValue(process, out List<(ulong Time, LogRecord Record)>? pending))
        {
            // Full means a thousand programs refused and none that moved on; the oldest knowledge is worth least, all of it is worth little.
            if (_refused.Count >= MaxPending)
                _refused.Clear();
            _refused[process] = pending = [];
        }

        // One entry for each endpoint, the latest last.
        pending.RemoveAll(one => one.Record.Reported == record.Reported);
        if (pending.Count >= MaxOfOneProcess)
            pending.RemoveAt(0);
        pending.Add((at, record));
    }

    /// <summary>The refusals that this success makes soft ones, told again as such: a program passes several taken ports on its way to a free one. Each is told once.</summary>
    public IReadOnlyList<LogRecord> MovedOn(int process, ulong at, Endpoint where)
    {
        if (!_refused.TryGetValue(process, out List<(ulong Time, LogRecord Record)>? pending))
            return [];
        pending.RemoveAll(one => at - one.Time > WindowNanoseconds);
        List<LogRecord> soft = [.. pending.Where(one => IsAnother(one.Record.Reported)).Select(one => one.Record with { ReportedKind = SightingKind.Soft })];
        pending.RemoveAll(one => IsAnother(one.Record.Reported));
        if (pending.Count == 0)
            _refused.Remove(process);
        return soft;

        // The same port after all: it was freed meanwhile, or the program asked for another address.
        bool IsAnother(Endpoint? wanted) => where.Port is not null && wanted?.Port is not null && where.Port != wanted.Port;
    }
}
