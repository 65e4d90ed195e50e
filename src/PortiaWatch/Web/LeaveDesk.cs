using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PortiaWatch.Control;
using PortiaWatch.Pipeline.History;
using Serilog.Core;

namespace PortiaWatch.Web;

/// <summary>Puts on record that the user leaves a holder alone: through the watcher where one runs, so that it stops asking, else in the history alone.</summary>
internal sealed class LeaveDesk(Composition composition)
{
    /// <summary><c>portia.left/1</c></summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (await ReadAsync(context.Request) is not { Length: > 0 and <= Leaving.LongestId } incident)
        {
            await Reply.ErrorAsync(context.Response, StatusCodes.Status400BadRequest, ControlError.NoRequest, "The request does not say which incident.");
            return;
        }

        LeaveAnswer? answer = await LeaveClient.TryAsync(composition.Platform, incident, context.RequestAborted) ?? Here(incident);
        if (answer is null)
            await Reply.ErrorAsync(context.Response, StatusCodes.Status404NotFound, "unknown", "There is no such incident in the history.");
        else
            await Reply.JsonAsync(context.Response, json => CleanJson.Copy(json, raw => JsonSerializer.Serialize(raw, answer, ControlJson.Default.LeaveAnswer)));
    }

    private LeaveAnswer? Here(string incident)
    {
        using IncidentHistory history = composition.NewHistory(Logger.None);
        return new Leaving(composition, history, questions: null).Leave(incident);
    }

    private static async Task<string?> ReadAsync(HttpRequest request)
    {
        try
        {
            return (await JsonSerializer.DeserializeAsync(request.Body, UiJson.Default.LeaveWish, request.HttpContext.RequestAborted))?.Incident;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
