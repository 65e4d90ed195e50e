using System.Net.Sockets;
using System.Text.Json;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Control;

/// <summary>Hands a strike by hand over to the running watcher.</summary>
internal static class FreeClient
{
    /// <summary>
    /// How it ended there; null when nobody else can do it (no watcher, another build, one that only looks on) and nothing was tried. A watcher that goes away in the middle
    /// may have struck: that is said, and never tried again.
    /// </summary>
    public static async Task<StrikeResult?> TryAsync(Platform platform, StrikeOrder order, CancellationToken cancellation)
    {
        using ControlClient? client = ControlClient.TryConnect(platform);
        if (client is null)
            return null;
        try
        {
            await client.AskAsync(RequestFor(order), cancellation);
        }
        catch (SocketException)
        {
            return null;
        }

        string? line = await client.ReadAsync(cancellation);
        if (line is null)
            return Unanswered(order);
        try
        {
            return JsonSerializer.Deserialize(line, ControlJson.Default.FreeAnswer) is { Schema: FreeAnswer.CurrentSchema } answer ? answer.ToResult() ?? Unanswered(order) : null;
        }
        catch (JsonException)
        {
            // Another schema, which is to say an error: it lacks what every answer has.
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
        },
    };

    private static StrikeResult Unanswered(StrikeOrder order) =>
        new(OutcomeKind.StillHeld, "The watcher went away before it said how the strike ended.", $"portia who {order.Endpoint.ToTarget()}", Took: null, Signalled: []);
}
