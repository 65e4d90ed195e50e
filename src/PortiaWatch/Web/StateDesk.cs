using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PortiaWatch.Control;

namespace PortiaWatch.Web;

/// <summary>How the watcher is: its own answer to <c>status</c>, or that there is none and what starts one.</summary>
internal sealed class StateDesk(Composition composition)
{
    // A watcher that hangs must not hang the page.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary><c>portia.status/1</c></summary>
    public async Task AnswerAsync(HttpContext context)
    {
        string? line = await AskAsync(context.RequestAborted);
        using JsonDocument status = JsonDocument.Parse(line ?? $$"""{"schema":"{{WatchStatus.CurrentSchema}}","running":false,"nextStep":"portia watch"}""");
        await Reply.JsonAsync(context.Response, json => CleanJson.Copy(json, status.RootElement));
    }

    private async Task<string?> AskAsync(CancellationToken cancellation)
    {
        using ControlClient? client = ControlClient.TryConnect(composition.Platform);
        if (client is null)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await client.AskAsync(ControlRequest.For(ControlRequest.Status), limit.Token);
            return await client.ReadAsync(limit.Token);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }
}
