using Microsoft.AspNetCore.Http;
using PortiaWatch.Daemon;

namespace PortiaWatch.Web;

/// <summary>Starts a watcher where the page found none.</summary>
internal sealed class WatchDesk(WatcherStart start)
{
    /// <summary><c>portia.ui.watch/1</c></summary>
    public async Task AnswerAsync(HttpContext context)
    {
        (bool isRunning, string sentence) = await start.RunAsync(context.RequestAborted);
        await Reply.JsonAsync(context.Response, json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "portia.ui.watch/1");
            json.WriteBoolean("running", isRunning);
            CleanJson.Write(json, "sentence", sentence);
            json.WriteEndObject();
        });
    }
}
