using PortiaWatch.Control;

namespace PortiaWatch.Top;

/// <summary>What is known of the running watcher.</summary>
/// <param name="Pid">Null while none runs.</param>
/// <param name="Status">Its last status; null before the first.</param>
internal sealed record WatcherHealth(int? Pid, WatchStatus? Status)
{
    public static WatcherHealth None { get; } = new(null, null);
}
