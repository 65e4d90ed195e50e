using System.Text;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Policies;
using Serilog;

namespace PortiaWatch.Control;

/// <summary>Takes "leave" from a view, answers the question that is open about it, and tells everybody who follows.</summary>
internal sealed class LeaveDesk(Composition composition, IncidentHistory history, QuestionBook questions, Broadcast broadcast, ILogger log)
{
    private readonly Leaving _leaving = new(composition, history, questions);

    public async Task AnswerAsync(ControlRequest request, ControlConnection connection, CancellationToken cancellation)
    {
        string incident = request.Incident ?? "";
        LeaveAnswer? answer = null;
        try
        {
            answer = _leaving.Leave(incident);
        }
        catch (HistoryException error)
        {
            log.Warning("{Problem}", error.Message);
        }

        if (answer is null)
        {
            await connection.WriteAsync(ControlError.Of(ControlError.NoRequest, "The history has no such incident."), ControlJson.Default.ControlError, cancellation);
            return;
        }

        log.Information("leave, asked for by pid {Pid}: {Sentence}", connection.Peer.Pid, answer.Sentence);
        if (answer.Left && broadcast.Viewers > 0 && _leaving.Find(incident) is { Outcome: not null } entry)
            broadcast.Tell(Encoding.UTF8.GetBytes(entry.Json));
        await connection.WriteAsync(answer, ControlJson.Default.LeaveAnswer, cancellation);
    }
}
