using System.Buffers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PortiaWatch.Control;

namespace PortiaWatch.Web;

/// <summary>
/// Server-sent events: the watcher's incidents as they come. <c>watcher</c> says that one was found or has gone, <c>incident</c> is <c>portia.incident/1</c>, <c>missed</c> how
/// many came too fast.
/// </summary>
internal sealed class EventDesk(Composition composition, Presence presence)
{
    /// <summary>A browser opens no more than six connections to one server.</summary>
    private const int MostStreams = 8;

    // While the watcher is away, and only while somebody looks.
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    public async Task AnswerAsync(HttpContext context)
    {
        if (!presence.TryEnter(MostStreams))
        {
            await Reply.ErrorAsync(context.Response, StatusCodes.Status503ServiceUnavailable, ControlError.Crowded, "Too many pages are open already.");
            return;
        }

        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await StreamAsync(context.Response, context.RequestAborted);
        }
        finally
        {
            presence.Leave();
        }
    }

    private async Task StreamAsync(HttpResponse response, CancellationToken gone)
    {
        bool? wasRunning = null;
        while (!gone.IsCancellationRequested)
        {
            using (ControlClient? client = ControlClient.TryConnect(composition.Platform))
            {
                if (client is not null)
                {
                    await FollowAsync(client, response, gone);
                    wasRunning = true;
                }
            }

            if (wasRunning != false)
                await SendAsync(response, "watcher", json => WriteWatcher(json, hello: default), gone);
            wasRunning = false;
            await Task.Delay(BetweenTries, gone);
        }
    }

    private static async Task FollowAsync(ControlClient client, HttpResponse response, CancellationToken gone)
    {
        try
        {
            await client.AskAsync(ControlRequest.For(ControlRequest.Tail), gone);
        }
        catch (SocketException)
        {
            return;
        }

        while (await client.ReadAsync(gone) is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement answer = document.RootElement;
            switch (answer.GetProperty("schema").GetString())
            {
                case ControlHello.CurrentSchema:
                    await SendAsync(response, "watcher", json => WriteWatcher(json, answer), gone);
                    break;
                case ControlMissed.CurrentSchema:
                    await SendAsync(response, "missed", json => CleanJson.Copy(json, answer), gone);
                    break;
                case ControlError.CurrentSchema:
                    await SendAsync(response, "refused", json => CleanJson.Copy(json, answer), gone);
                    return;
                default:
                    await SendAsync(response, "incident", json => CleanJson.Copy(json, answer), gone);
                    break;
            }
        }
    }

    private static void WriteWatcher(Utf8JsonWriter json, JsonElement hello)
    {
        json.WriteStartObject();
        json.WriteBoolean("running", hello.ValueKind == JsonValueKind.Object);
        if (hello.ValueKind == JsonValueKind.Object)
            json.WriteNumber("pid", hello.GetProperty("pid").GetInt32());
        json.WriteEndObject();
    }

    // JSON has no line ends, so an event is one line of data.
    private static async Task SendAsync(HttpResponse response, string name, Action<Utf8JsonWriter> fill, CancellationToken gone)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        buffer.Write("event: "u8);
        buffer.Write(System.Text.Encoding.ASCII.GetBytes(name));
        buffer.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(buffer))
            fill(json);
        buffer.Write("\n\n"u8);
        await response.Body.WriteAsync(buffer.WrittenMemory, gone);
        await response.Body.FlushAsync(gone);
    }
}
