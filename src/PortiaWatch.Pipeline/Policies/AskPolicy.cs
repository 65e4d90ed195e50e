using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>Asks "Strike?". Only a clear yes strikes; silence, a closed question and a failing notifier leave the holder alone.</summary>
/// <param name="notifier">Asks; on a terminal its question is a prompt.</param>
/// <param name="strike">Frees what the verdict's incident names, looking everything up again: minutes may pass before somebody answers.</param>
/// <param name="limit">How long a question stays open.</param>
/// <param name="time">For ages, and for questions that the notifier does not end by itself.</param>
/// <param name="isDryRun">Nobody is asked.</param>
/// <param name="questions">Where another part answers "leave" for the user; null for one of its own.</param>
public sealed class AskPolicy(
    INotifier notifier,
    Func<Verdict, CancellationToken, Task<StrikeResult>> strike,
    TimeSpan limit,
    TimeProvider time,
    bool isDryRun,
    QuestionBook? questions = null) : IPolicy
{
    // The notifier keeps the limit itself; this is for one that forgets.
    private static readonly TimeSpan Overtime = TimeSpan.FromSeconds(5);
    private readonly QuestionBook _questions = questions ?? new(time);

    public RuleAction Action => RuleAction.Ask;

    public async Task<Outcome> ApplyAsync(Verdict verdict, CancellationToken cancellation)
    {
        string? nextStep = IncidentWords.NextStep(verdict.Incident);
        if (isDryRun)
            return OutcomeOf.What(verdict, OutcomeKind.DryRun, $"Would have asked: strike {HolderWords.Of(verdict.Incident.Holders)}?", time, nextStep);
        if (!notifier.IsAvailable)
            return OutcomeOf.What(verdict, OutcomeKind.Left, "There is no desktop or terminal to ask on.", time, nextStep);
        using var elsewhere = new CancellationTokenSource();
        if (_questions.TryOpen(verdict.Incident, () => _ = elsewhere.CancelAsync()) is { } objection)
            return OutcomeOf.What(verdict, OutcomeKind.Left, objection, time, nextStep);

        Answer? answer = null;
        try
        {
            answer = await AskAsync(verdict.Incident, elsewhere.Token, cancellation);
            if (!_questions.TryAnswer(verdict.Incident))
                answer = Answer.Leave;
            return answer switch
            {
                Answer.Strike => OutcomeOf.Strike(verdict, await strike(verdict, cancellation), time),
                Answer.Leave => OutcomeOf.What(verdict, OutcomeKind.Left, $"You left {HolderWords.Of(verdict.Incident.Holders)} alone.", time, nextStep),
                _ => OutcomeOf.What(verdict, OutcomeKind.Left, "Nobody answered in time.", time, nextStep),
            };
        }
        catch (NotifierException e)
        {
            return OutcomeOf.What(verdict, OutcomeKind.Failed, $"You could not be asked: {PlainText.Clean(e.Message, 300)}", time, nextStep);
        }
        finally
        {
            _questions.Close(verdict.Incident, isLeft: answer is Answer.Leave);
        }
    }

    private async Task<Answer> AskAsync(Incident incident, CancellationToken leftElsewhere, CancellationToken cancellation)
    {
        using var overtime = new CancellationTokenSource(limit + Overtime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, overtime.Token, leftElsewhere);
        try
        {
            return await notifier.AskAsync($"{IncidentWords.Title(incident)}. Strike?", IncidentWords.Sides(incident, time.GetUtcNow()), limit, either.Token);
        }
        catch (OperationCanceledException) when (leftElsewhere.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return Answer.Leave;
        }
        catch (OperationCanceledException) when (overtime.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return Answer.NoAnswer;
        }
    }
}
