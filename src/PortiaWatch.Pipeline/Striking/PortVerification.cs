using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>Looks whether the endpoint is really free after a strike: the socket table is read again and a bind is tried.</summary>
internal sealed class PortVerification(StrikeOrder order, StrikeTools tools, StrikeAnswers answers, IReadOnlyList<ProcessIdentity> holdersBefore)
{
    /// <summary>The kernel closes the sockets of a process that has just ended; for that moment they have no owner.</summary>
    private static readonly TimeSpan ClosingPause = TimeSpan.FromMilliseconds(2);

    private const int ClosingLooks = 25;

    private readonly long _started = tools.Time.GetTimestamp();

    /// <summary>What the endpoint is like now.</summary>
    /// <param name="how">What was done to free it, for the sentence.</param>
    /// <param name="wasKilled">True after SIGKILL, which nothing survives but a wait inside the kernel.</param>
    /// <param name="cancellation">Ends the wait for the kernel.</param>
    public async Task<StrikeResult> ReadAsync(string how, bool wasKilled, CancellationToken cancellation)
    {
        for (int look = 1; ; look++)
        {
            Occupancy occupancy = tools.Sockets.Blocking(order.Endpoint, order.ContenderPid, order.ForeignNetwork);
            TimeSpan took = tools.Time.GetElapsedTime(_started);
            if (occupancy.State == PortState.Free)
            {
                if (tools.Sockets.CanBind(order.Endpoint, order.ContenderPid, order.ForeignNetwork) != false)
                    return answers.Freed(how, took);

                // Taken between the two looks, or kept by something that the table does not show.
                occupancy = tools.Sockets.Blocking(order.Endpoint, order.ContenderPid, order.ForeignNetwork);
                if (occupancy.State == PortState.Free && look >= ClosingLooks)
                    return answers.Reserved(occupancy, took);
            }

            if (Settled(occupancy, wasKilled, took, isLast: look >= ClosingLooks) is { } result)
                return result;
            await Task.Delay(ClosingPause, tools.Time, cancellation);
        }
    }

    /// <summary>One more look at a freed endpoint: the same answer, or who has taken it again.</summary>
    public async Task<StrikeResult> ConfirmAsync(StrikeResult freed, CancellationToken cancellation)
    {
        StrikeResult now = await ReadAsync("", wasKilled: false, cancellation);
        return now.Kind is OutcomeKind.TakenAgain or OutcomeKind.StillHeld or OutcomeKind.TimedOut ? now with { Took = freed.Took } : freed;
    }

    private StrikeResult? Settled(Occupancy occupancy, bool wasKilled, TimeSpan took, bool isLast)
    {
        switch (occupancy.State)
        {
            case PortState.TimeWait:
                return answers.TimeWait(occupancy, took);
            case PortState.Reserved:
                return answers.Reserved(occupancy, took);
            case PortState.Unknown:
                return answers.Unknown(occupancy.Limit);
            case PortState.Free:
                return null;
        }

        var holders = new List<ProcessFacts>();
        foreach (SocketOwner owner in occupancy.Owners)
        {
            if (owner.Process is { } identity && !holders.Exists(h => h.Identity == identity) && tools.Processes.Describe(identity.Pid) is { } facts && facts.Identity == identity)
                holders.Add(facts);
        }

        if (holders.Count == 0)
            return isLast ? answers.StillHeldUnseen(occupancy.Owners[0], took) : null;
        List<ProcessFacts> struck = holders.FindAll(h => answers.Signalled.Exists(signalled => IsSame(signalled, h.Identity)));
        if (struck.Count > 0)
            return wasKilled ? answers.Immortal(struck) : answers.TimedOut(struck);
        SocketUse use = occupancy.Owners[0].Use;
        ProcessFacts? newcomer = holders.Find(h => !holdersBefore.Any(before => IsSame(before, h.Identity)));
        return newcomer is not null && use != SocketUse.Connected ? answers.TakenAgain(newcomer, took) : answers.StillHeld(holders, use, took);
    }

    // A process on its way out has lost its program already and still has its descriptors: the image says nothing then.
    private static bool IsSame(ProcessIdentity one, ProcessIdentity other) => one.Pid == other.Pid && one.Generation == other.Generation;
}
