using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Top;

/// <summary>
/// The listening ports from reading to reading. A process is described once, when it first appears: what protects it and what to do about it is looked up anew when somebody
/// asks, so it is not worth anything here. Not thread-safe.
/// </summary>
internal sealed class PortBoard(Platform platform)
{
    private Dictionary<(ProcessIdentity Process, Endpoint Endpoint), ProcessFacts?> _known = [];
    private HashSet<(Endpoint, ProcessIdentity?, ulong)>? _before;

    /// <summary>Null when nothing has changed since the last reading.</summary>
    public IReadOnlyList<PortRow>? Read()
    {
        List<SocketOwner> owners = [.. platform.Sockets.Listeners().Where(owner => owner.Endpoint.Port is not null && owner.Process != platform.Processes.Self)];
        HashSet<(Endpoint, ProcessIdentity?, ulong)> now = [.. owners.Select(owner => (owner.Endpoint, owner.Process, owner.Socket))];
        if (_before is not null && _before.SetEquals(now))
            return null;
        _before = now;
        return PortRow.From(Describe(owners));
    }

    private List<Holder> Describe(List<SocketOwner> owners)
    {
        var known = new Dictionary<(ProcessIdentity, Endpoint), ProcessFacts?>(owners.Count);
        var fresh = new Dictionary<ProcessIdentity, ProcessFacts?>();
        var holders = new List<Holder>(owners.Count);
        foreach (SocketOwner owner in owners)
        {
            ProcessFacts? facts = null;
            if (owner.Process is { } process)
            {
                // Several sockets of one process on one endpoint are one holder.
                if (known.ContainsKey((process, owner.Endpoint)))
                    continue;
                facts = _known.TryGetValue((process, owner.Endpoint), out ProcessFacts? remembered) ? remembered : Facts(process, owner.Endpoint, fresh);
                known.Add((process, owner.Endpoint), facts);
            }

            uint? uid = facts?.Uid ?? owner.Uid;
            holders.Add(new Holder
            {
                Endpoint = owner.Endpoint,
                Use = owner.Use,
                Process = facts,
                Uid = uid,
                User = facts?.User ?? (uid is { } number ? platform.Processes.UserName(number) : null),
                Unit = owner.Unit,
            });
        }

        _known = known;
        return holders;
    }

    private ProcessFacts? Facts(ProcessIdentity process, Endpoint endpoint, Dictionary<ProcessIdentity, ProcessFacts?> fresh)
    {
        if (!fresh.TryGetValue(process, out ProcessFacts? facts))
        {
            // Gone between listing and reading, and its pid given to somebody else: the facts would be of the wrong process.
            facts = platform.Processes.Describe(process.Pid) is { } described && described.Identity.Generation == process.Generation ? described : null;
            fresh.Add(process, facts);
        }

        return facts is null ? null : platform.Processes.AtEndpoint(facts, endpoint) ?? facts;
    }
}
