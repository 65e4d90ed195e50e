using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;

namespace PortiaWatch.Running;

/// <summary>How <c>portia run</c> speaks of an incident. Foreign text is cleaned by <see cref="Words"/>.</summary>
internal sealed class RunWords(Incident incident, DateTimeOffset now)
{
    private readonly Holder[] _holders = [.. incident.Holders.DistinctBy(holder => holder.Process?.Identity.Pid)];

    /// <summary>As one types it: <c>3000</c>, <c>udp/5353</c>, a path. The address is left out: people speak of ports.</summary>
    public string Target { get; } = PlainText.Clean((incident.Endpoint with { Address = null }).ToTarget(), 120);

    /// <summary><c>node (pid 4121, ~/shop, up 3 h)</c></summary>
    public string Who => _holders.Length switch
    {
        0 => "nobody",
        1 => Words.Holder(_holders[0], now),
        _ => $"{Words.Holder(_holders[0], now)} and {_holders.Length - 1} more",
    };

    /// <summary>The holder runs in the folder or the project that the command was started in.</summary>
    public bool IsOwnOlderServer => incident.IsSameProject
        || (_holders.Length > 0 && Here is { } here && Array.TrueForAll(_holders, holder => holder.Process?.WorkingDirectory == here));

    /// <summary><c>node (pid 4121, ~/shop, up 3 h), this project's older server, holds 3000.</c></summary>
    public string Holding => incident.State switch
    {
        PortState.Held => $"{Who}{(IsOwnOlderServer ? ", this project's older server," : "")} {(_holders.Length > 1 ? "hold" : "holds")} {Target}.",
        PortState.Free => $"Nobody holds {Target} any more.",
        PortState.TimeWait => $"Only closed connections hold {Target}, for up to a minute.",
        PortState.Reserved => incident.Limit ?? $"No process holds {Target}, and still it cannot be bound.",
        _ => incident.Limit ?? $"It cannot be seen who holds {Target}.",
    };

    /// <summary>What was stopped and how fast.</summary>
    public string Freed(TimeSpan? took)
    {
        string howFast = took is { } time ? $" in {Words.Duration(time)}" : "";
        return $"freed {Target}{howFast}: stopped {Who}{(IsOwnOlderServer ? ", this project's older server" : "")}. Starting again.";
    }

    // Everything runs in the home folder sooner or later.
    private static string? Here => Environment.CurrentDirectory is var folder && folder != Folders.Home && folder != "/" ? folder : null;

    /// <summary>Why no strike is offered, one sentence; null when nothing speaks against it.</summary>
    public string? Objection(bool leavesSupervised)
    {
        foreach (Holder holder in _holders)
        {
            if (holder.Process is null)
                return "Only its user or root can stop it.";
            if (holder.Protection is { } protection)
                return protection;
            if (leavesSupervised && holder.Process.Supervisor is not null)
                return holder.Advice ?? "Its supervisor would start it again.";
        }

        return null;
    }
}
