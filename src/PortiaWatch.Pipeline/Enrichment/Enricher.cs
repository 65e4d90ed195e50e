using System.Diagnostics.CodeAnalysis;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>Looks up both sides of a collision: who was refused, as far as the system vouches for it, and who holds the endpoint now.</summary>
public sealed class Enricher(HolderLookup lookup, IProcessTable processes, PortInference inference)
{
    // Clocks of log and process table round differently: journald has microseconds, /proc has hundredths of a second.
    private static readonly TimeSpan ClockGrain = TimeSpan.FromMilliseconds(20);

    // Whoever holds the same port in our own network has nothing to do with it.
    private const string OtherNetwork = "It was refused in another network namespace, which cannot be entered once the refused process is gone.";

    private const string Relayed = "The text was passed on from a container, and it is not known in which network it was refused.";

    private const string Relative = "The path is relative and the folder of the refused process is not known, so nobody can be looked up.";

    /// <summary>Never throws for what the system refuses or what vanished meanwhile: the incident then says what is not known.</summary>
    public Incident Enrich(Collision collision)
    {
        Sighting evidence = collision.Evidence;
        Sender? contender = evidence.Record.Sender is { } sender ? Complete(sender, evidence.Record.Time) : null;
        int? inNamespaceOf = contender?.Facts is { } facts && processes.Identify(facts.Identity.Pid)?.Generation == facts.Identity.Generation ? facts.Identity.Pid : null;

        Endpoint endpoint = evidence.Endpoint;
        string? inferredFrom = null;
        if (!endpoint.IsComplete && contender?.Facts is { } asked && inference.Propose(asked, contender.Unit, endpoint, inNamespaceOf) is { } proposal)
            (endpoint, inferredFrom) = (proposal.Endpoint, proposal.Origin);

        endpoint = FromFolderOf(contender, endpoint);

        Holding holding = !endpoint.IsComplete ? new Holding(PortState.Unknown, [], "The message does not name the port, so nobody can be looked up.")
            : contender?.ForeignNetwork is not null && inNamespaceOf is null ? new Holding(PortState.Unknown, [], OtherNetwork)
            : contender is { IsRelayed: true } ? new Holding(PortState.Unknown, [], Relayed)
            : IsRelative(endpoint) ? new Holding(PortState.Unknown, [], Relative)
            : Find(endpoint, inNamespaceOf, contender?.ForeignNetwork);

        // It ended while it was looked up. As for one that was gone before, ours is where it most likely was, unless it is known to have been elsewhere.
        if (holding.State == PortState.Unknown && inNamespaceOf is { } pid && contender is { ForeignNetwork: null, Facts: { } ended } && !Lives(pid, ended))
            holding = Find(endpoint, null, null);
        List<string> holderDoubts = [.. HolderDoubts(endpoint, inferredFrom, holding, contender, evidence)];
        return new Incident
        {
            Id = collision.Id,
            Collision = collision,
            Endpoint = endpoint,
            InferredFrom = inferredFrom,
            Contender = contender,
            State = holding.State,
            Holders = holding.Holders,
            Doubts = [.. ContenderDoubts(contender, evidence), .. holderDoubts],
            IsHolderConfirmed = holderDoubts.Count == 0,
            IsSameProject = IsSameProject(contender, holding.Holders),
            Limit = holding.Limit,
        };
    }

    // What has no program any more is a zombie, of which nothing can be read.
    private bool Lives(int pid, ProcessFacts facts) => processes.Identify(pid) is { Image: not null } now && now.Generation == facts.Identity.Generation;

    // Our own folder has nothing to do with the path that another process gave; "~" is its user's home, if anything.
    private static Endpoint FromFolderOf(Sender? contender, Endpoint endpoint) =>
        IsRelative(endpoint) && endpoint.Path is { } path && path[0] != '~' && contender?.Facts?.WorkingDirectory is { } folder && Path.IsPathRooted(folder)
            ? endpoint with { Path = Path.GetFullPath(path, folder) }
            : endpoint;

    // A Mach service ("mach/name") is no file.
    private static bool IsRelative(Endpoint endpoint) => endpoint.Path is [not ('/' or '@'), ..] path && !path.StartsWith("mach/", StringComparison.Ordinal);

    [SuppressMessage("Design", "CA1031", Justification = "The edge of a stage: a failed lookup makes an incident marked unknown, never a lost one.")]
    private Holding Find(Endpoint endpoint, int? inNamespaceOf, ulong? foreignNetwork)
    {
        try
        {
            return lookup.Find(endpoint, inNamespaceOf, foreignNetwork);
        }
        catch (Exception error)
        {
            return new Holding(PortState.Unknown, [], $"The lookup failed: {error.Message}");
        }
    }

    private Sender Complete(Sender sender, DateTimeOffset refusedAt)
    {
        if (sender.IsGone)
            return sender;
        ProcessFacts? facts = Join(sender.Facts, processes.Describe(sender.Pid));

        // Started after the failure: the pid has been given to another process since.
        if (facts is null || facts.StartedAt > refusedAt + ClockGrain)
            return sender with { Facts = null };
        return sender with
        {
            Facts = facts,
            Uid = sender.Uid ?? facts.Uid,
            Name = sender.Name ?? facts.Name,
            Executable = sender.Executable ?? facts.Path,
        };
    }

    // What was captured when it was refused is what ran then; of the same program, still running, more can be read now.
    private static ProcessFacts? Join(ProcessFacts? then, ProcessFacts? now)
    {
        if (then is null || now is null || then.Identity.Generation != now.Identity.Generation || then.Name != now.Name)
            return then ?? now;
        return now with
        {
            Command = now.Command ?? then.Command,
            WorkingDirectory = then.WorkingDirectory ?? now.WorkingDirectory,
            Project = then.Project ?? now.Project,
            Parents = then.Parents.Count > 0 ? then.Parents : now.Parents,
        };
    }

    private IEnumerable<string> ContenderDoubts(Sender? contender, Sighting evidence)
    {
        if (contender is null || evidence.Record.Trust == Trust.Text)
            yield return "Anybody can write this text, so nobody vouches for who was refused.";
        else if (contender.Uid is not { } uid)
            yield return "It is not known whose process was refused.";
        else if (uid != processes.CurrentUser)
            yield return $"The refused process belongs to {processes.UserName(uid)}, not to you.";
        else if (evidence.Record.Trust == Trust.System && Hearsay.Objection(contender, evidence.Record.Time) is { } objection)
            yield return objection;
    }

    private IEnumerable<string> HolderDoubts(Endpoint endpoint, string? inferredFrom, Holding holding, Sender? contender, Sighting evidence)
    {
        if (inferredFrom is not null)
            yield return $"The port is inferred from {inferredFrom}; the message does not name it.";
        if (holding.State != PortState.Held)
        {
            yield return holding.State switch
            {
                PortState.Free => $"Nobody holds {endpoint} now.",
                PortState.TimeWait => $"Only closed connections hold {endpoint} for a little while.",
                PortState.Reserved => $"{endpoint} is reserved; no process holds it.",
                _ => holding.Limit ?? $"It cannot be seen who holds {endpoint}.",
            };
            yield break;
        }

        foreach (Holder holder in holding.Holders)
        {
            if (holder.Process is not { } process)
                yield return $"A holder of {endpoint} cannot be named{(holder.User is { } user ? $"; its socket belongs to {user}" : "")}.";
            else if (process.Uid != processes.CurrentUser)
                yield return $"{process.Name} (pid {process.Identity.Pid}) belongs to {holder.User ?? "another user"}, not to you.";
            else if (process.StartedAt is not { } started || started > evidence.Record.Time + ClockGrain)
                yield return $"{process.Name} (pid {process.Identity.Pid}) is younger than the failure.";
            else if (process.Identity.Pid == contender?.Pid)
                yield return $"{process.Name} (pid {process.Identity.Pid}) holds the port itself.";
        }
    }

    private static bool IsSameProject(Sender? contender, IReadOnlyList<Holder> holders) =>
        contender?.Facts?.Project is { } project && holders.Count > 0 && holders.All(holder => holder.Process?.Project == project);
}
