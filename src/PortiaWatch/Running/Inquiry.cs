using System.Diagnostics.CodeAnalysis;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Running;

/// <summary>
/// Makes an incident of what one run of the command told. Begins with the first word of a failure, while the refused process may still be there;
/// before that nothing of it is loaded.
/// </summary>
internal sealed class Inquiry(RunOptions options, Lazy<Composition> parts)
{
    private Task<Sender?>? _contender;
    private FamilyNetwork? _network;

    /// <summary>Why the refusal may have happened in another network, the beginning of a sentence; null when nothing speaks for it.</summary>
    public string? NetworkDoubt => _network?.Doubt;

    /// <summary>A failure was read: look who it was before they are gone. Returns at once.</summary>
    public void Begin(Child child, IReadOnlyList<string> command)
    {
        if (_contender is not null)
            return;

        // Here and now, with nothing to be loaded first: a process that has ended is in no network any more.
        _network ??= FamilyNetwork.Look(child, command);
        _contender ??= Task.Run(() => FindContender(child, command));
    }

    /// <summary>Both sides of a collision.</summary>
    public async Task<Incident> LookAsync(Collision collision, Remedy started)
    {
        Sender? contender = _contender is null ? null : await _contender;
        Sighting evidence = collision.Evidence with { Record = collision.Evidence.Record with { Sender = contender } };
        Incident incident = parts.Value.NewEnricher().Enrich(collision with { Evidence = evidence });
        if (incident.Endpoint.IsComplete || PortOf(started) is not { } port)
            return incident;

        // It was given its port in the environment, which cannot be read any more once it has ended.
        Sighting named = evidence with { Endpoint = evidence.Endpoint with { Port = port } };
        Incident found = parts.Value.NewEnricher().Enrich(collision with { Evidence = named });
        return found with
        {
            InferredFrom = "its environment",
            IsHolderConfirmed = false,
            Doubts = [.. found.Doubts, "The port is inferred from its environment; the message does not name it."],
        };
    }

    /// <summary>The command goes on in spite of it: it, or something that it started, listens.</summary>
    public bool Serves(Child child)
    {
        Platform platform = parts.Value.Platform;
        HashSet<int> family = [];
        if (platform.Processes.Identify(child.Pid) is { } identity)
            family.UnionWith(platform.Processes.Descendants(identity).Select(process => process.Pid));
        return platform.Sockets.Listeners()
            .Any(owner => owner is { Process: { } process, Endpoint.Port: not null } && (family.Contains(process.Pid) || child.Owns(process.Pid)));
    }

    [SuppressMessage("Design", "CA1031", Justification = "Not to know who was refused must not keep anybody from the port.")]
    private Sender? FindContender(Child child, IReadOnlyList<string> command)
    {
        try
        {
            Sender found = new ContenderFinder(parts.Value.Platform.Processes).Find(child, command);
            return found with { ForeignNetwork = _network?.Of(found.Pid) };
        }
        catch (Exception error)
        {
            if (options.IsVerbose)
                Output.Write(Output.Messages, System.Text.Encoding.UTF8.GetBytes($"portia: {PlainText.Clean(error.Message, 300)}\n"));
            return null;
        }
    }

    private static int? PortOf(Remedy started) =>
        started.Port ?? (ushort.TryParse(Environment.GetEnvironmentVariable("PORT"), out ushort port) && port > 0 ? port : null);
}
