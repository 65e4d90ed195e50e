using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using Endpoint = PortiaWatch.Pipeline.Events.Endpoint;

namespace PortiaWatch.Web;

/// <summary>Who holds what right now, with the identity that a strike has to bring back.</summary>
internal sealed class PortDesk(Composition composition)
{
    // To look whether anything has changed takes at most half a percent of one processor; to list it all, where hundreds of servers come and go, five.
    private const int RestPerLook = 200;
    private const int RestPerList = 20;
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long _restsSince;
    private TimeSpan _rest;

    /// <summary>
    /// <c>portia.ui.ports/1</c>: everything that listens. Nothing (204) for a page that has <c>seen</c> that already, or a little while ago where it takes long: it asks often, and to
    /// describe every holder is dear.
    /// </summary>
    public Task ListAsync(HttpContext context)
    {
        string? seen = context.Request.Query["seen"];
        bool isRepeated = !string.IsNullOrEmpty(seen);
        if (isRepeated && IsResting())
            return UnchangedAsync(context);
        TimeSpan start = Environment.CpuUsage.TotalTime;
        string state = State();
        TimeSpan looked = Environment.CpuUsage.TotalTime - start;
        if (isRepeated && seen == state)
        {
            Rest(looked * RestPerLook);
            return UnchangedAsync(context);
        }

        IReadOnlyList<Holder> holders = [.. composition.Lookup.All().Where(holder => holder.Process?.Identity != composition.Platform.Processes.Self)];
        Rest((looked * RestPerLook) + ((Environment.CpuUsage.TotalTime - start - looked) * RestPerList));
        return Reply.JsonAsync(context.Response, json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "portia.ui.ports/1");
            json.WriteString("state", state);
            WriteHolders(json, holders);
            json.WriteEndObject();
        });
    }

    /// <summary><c>portia.ui.holding/1</c>: one target, looked up this moment.</summary>
    public Task FindAsync(HttpContext context)
    {
        if (!Endpoint.TryParse(context.Request.Query["target"], out Endpoint? target))
            return Reply.ErrorAsync(context.Response, StatusCodes.Status400BadRequest, "noRequest", $"Name a target: {Endpoint.TargetForms}.");
        Holding holding = composition.Lookup.Find(target, contenderPid: null);
        return Reply.JsonAsync(context.Response, json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "portia.ui.holding/1");
            CleanJson.Write(json, "target", target.ToTarget());
            json.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(holding.State.ToString()));
            CleanJson.Write(json, "limit", holding.Limit);
            WriteHolders(json, holding.Holders);
            json.WriteEndObject();
        });
    }

    private bool IsResting()
    {
        lock (_lock)
            return Stopwatch.GetElapsedTime(_restsSince) < _rest;
    }

    private void Rest(TimeSpan rest)
    {
        lock (_lock)
            (_restsSince, _rest) = (Stopwatch.GetTimestamp(), rest < LongestRest ? rest : LongestRest);
    }

    private static Task UnchangedAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    // The same sockets in the same hands, in whatever order. Only this process compares it.
    private string State()
    {
        long sum = 0;
        foreach (SocketOwner owner in composition.Platform.Sockets.Listeners())
            sum += (uint)HashCode.Combine(owner.Endpoint, owner.Process, owner.Socket);
        return sum.ToString(CultureInfo.InvariantCulture);
    }

    private static void WriteHolders(Utf8JsonWriter json, IReadOnlyList<Holder> holders)
    {
        json.WriteStartArray("holders");
        foreach (Holder holder in holders)
        {
            json.WriteStartObject();
            CleanJson.Write(json, "target", holder.Endpoint.ToTarget());
            CleanJson.Write(json, "endpoint", holder.Endpoint.ToString());
            json.WriteString("transport", HolderJson.TransportName(holder.Endpoint.Transport));
            json.WriteStartObject("mark");
            if (holder.Process?.Identity is { } identity)
            {
                // As text: a script's numbers have 53 bits.
                json.WriteNumber("pid", identity.Pid);
                json.WriteString("generation", identity.Generation.ToString(CultureInfo.InvariantCulture));
                json.WriteString("image", identity.Image?.ToString(CultureInfo.InvariantCulture));
            }

            json.WriteEndObject();
            CleanJson.Write(json, "protection", holder.Protection);
            json.WritePropertyName("holder");
            CleanJson.Copy(json, raw => HolderJson.Write(raw, holder));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
