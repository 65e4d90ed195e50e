using System.Net.Sockets;
using System.Text.Json;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Control;

/// <summary>
/// Hands a strike that a person ordered over to the running watcher. A watcher that says nothing is not waited for: before our word it has done nothing and will do nothing, and after it
/// nobody else strikes either, because what it has done is not known.
/// </summary>
internal static class FreeClient
{
    /// <summary>
    /// How it ended there; null when nobody else can do it (no watcher, another build, one that only looks on) and nothing was tried. A watcher that goes away in the middle
    /// may have struck: that is said, and never tried again.
    /// </summary>
    public static async Task<StrikeResult?> TryAsync(Platform platform, StrikeOrder order, CancellationToken cancellation)
    {
        using ControlClient? client = ControlClient.TryConnect(platform, out bool isSilent);
        if (client is null)
            return isSilent ? NoAnswer(order, watcher: null, hasBegun: false) : null;
        bool hasBegun = false;
        try
        {
            await client.AskAsync(RequestFor(order), cancellation);
            while (await ReadAsync(client, cancellation) is { } line)
            {
                string? schema = SchemaOf(line);

                // In so many words: it has done nothing.
                if (schema == ControlError.CurrentSchema)
                    return null;
                if (schema != StrikeBeat.CurrentSchema)
                    return Read(line) ?? Unanswered(order);
                if (!hasBegun)
                    await client.AskAsync(ControlRequest.For(ControlRequest.Go), cancellation);
                hasBegun = true;
            }
        }
        catch (SocketException)
        {
            // Gone; said below.
        }
        catch (TimeoutException)
        {
            return NoAnswer(order, client.WatcherPid, hasBegun);
        }
        catch (OperationCanceledException) when (hasBegun)
        {
            return new(OutcomeKind.StillHeld, "You gave up in the middle of the strike; what it has done is not known.", $"portia who {Rendering.Words.Target(order.Endpoint)}", Took: null, Signalled: []);
        }

        return hasBegun ? Unanswered(order) : null;
    }

    /// <summary>The next line; null at its end. Throws <see cref="TimeoutException"/> when the watcher is too long silent.</summary>
    private static async Task<string?> ReadAsync(ControlClient client, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(StrikeBeat.Patience);
        try
        {
            return await client.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("The watcher says nothing.", error);
        }
    }

    private static string? SchemaOf(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ControlJson.Default.StrikeBeat)?.Schema;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static StrikeResult? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ControlJson.Default.FreeAnswer) is { Schema: FreeAnswer.CurrentSchema } answer ? answer.ToResult() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ControlRequest RequestFor(StrikeOrder order) => ControlRequest.For(ControlRequest.Free) with
    {
        Order = new FreeOrder
        {
            Version = Build.Version,
            Target = order.Endpoint.ToTarget(),
            Holders = [.. order.Targets.Select(holder => holder.Process?.Identity).OfType<ProcessIdentity>().Distinct().Select(ProcessMark.Of)],
            GraceMilliseconds = order.Settings.Grace.TotalMilliseconds,
            Force = order.Settings.Force,
            DryRun = order.IsDryRun,
            Tree = order.WithTree,
            ByHand = order.IsByHand,
            Beats = true,
        },
    };

    private static StrikeResult Unanswered(StrikeOrder order) =>
        new(OutcomeKind.StillHeld, "The watcher went away before it said how the strike ended.", $"portia who {Rendering.Words.Target(order.Endpoint)}", Took: null, Signalled: []);

    private static StrikeResult NoAnswer(StrikeOrder order, int? watcher, bool hasBegun)
    {
        string who = watcher is { } pid ? $"The watcher (pid {pid})" : "The watcher";
        string target = Rendering.Words.Target(order.Endpoint);
        return hasBegun
            ? new(OutcomeKind.StillHeld, $"{who} stopped answering in the middle of the strike; what it has done is not known.", $"Look who holds it now: portia who {target}", Took: null, Signalled: [])
            : new(OutcomeKind.Refused, $"{who} does not answer, so nothing was stopped: only one may strike at a time.", $"{Wake(watcher)}, then try again.", Took: null, Signalled: []);
    }

    private static string Wake(int? watcher) => watcher is { } pid ? $"Wake it (kill -CONT {pid}) or end it (kill -KILL {pid})" : "Wake or end the process that \"portia watch\" runs as";
}
