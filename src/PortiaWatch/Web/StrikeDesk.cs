using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PortiaWatch.Control;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Rendering;
using Endpoint = PortiaWatch.Pipeline.Events.Endpoint;

namespace PortiaWatch.Web;

/// <summary>Strikes as <c>portia free</c> does: through the watcher where one runs, with every protection, and never anybody else than the page had shown.</summary>
/// <param name="composition">Looks up and strikes.</param>
/// <param name="isOwnConfiguration">As <see cref="HandStrike"/> takes it.</param>
internal sealed class StrikeDesk(Composition composition, bool isOwnConfiguration)
{
    public async Task AnswerAsync(HttpContext context)
    {
        StrikeWish? wish;
        try
        {
            wish = await JsonSerializer.DeserializeAsync(context.Request.Body, UiJson.Default.StrikeWish, context.RequestAborted);
        }
        catch (JsonException)
        {
            wish = null;
        }

        if (wish?.Read() is not (var target, var agreed))
        {
            await Reply.ErrorAsync(context.Response, StatusCodes.Status400BadRequest, "noRequest", "The request names no target, or not exactly whom to stop.");
            return;
        }

        Holding holding = composition.Lookup.Find(target, contenderPid: null);
        Holder[] targets = [.. holding.Holders.Where(holder => holder.Process is { } process && agreed.Contains(process.Identity))];

        // Whoever closes the page in the middle has still agreed; a signal that is sent cannot be taken back, so the strike is seen through to its end.
        StrikeResult result = targets.Length == 0 ? Changed(target, holding) : await StrikeAsync(target, targets);
        await Reply.JsonAsync(context.Response, json => CleanJson.Copy(json, raw => StrikeJson.Write(raw, target, holding, result)));
    }

    private Task<StrikeResult> StrikeAsync(Endpoint target, Holder[] targets) => new HandStrike(composition, isOwnConfiguration).RunAsync(
        new StrikeOrder
        {
            Endpoint = target,
            Targets = targets,
            Settings = composition.Settings.Strike,
            Protect = composition.Settings.Protect,
            IsByHand = true,
        },
        CancellationToken.None);

    private static StrikeResult Changed(Endpoint target, Holding holding) => holding.State == PortState.Free
        ? new(OutcomeKind.Vanished, $"Nobody holds {target} any more; nothing was stopped.", NextStep: null, Took: null, Signalled: [])
        : new(OutcomeKind.Refused, $"{target} is no longer held by the process that you were shown; nothing was stopped.", "Look again at who holds it now.", Took: null, Signalled: []);
}
