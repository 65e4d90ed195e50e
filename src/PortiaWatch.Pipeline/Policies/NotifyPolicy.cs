using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>Tells the user. Where nobody would see it, or too many came at once, the incident is still recorded and the outcome says so.</summary>
public sealed class NotifyPolicy(INotifier notifier, TimeProvider time, bool isDryRun) : IPolicy
{
    private readonly Messenger _messenger = new(notifier, time);

    public RuleAction Action => RuleAction.Notify;

    public async Task<Outcome> ApplyAsync(Verdict verdict, CancellationToken cancellation)
    {
        Incident incident = verdict.Incident;
        string? nextStep = IncidentWords.NextStep(incident);
        string title = IncidentWords.Title(incident);
        if (isDryRun)
            return OutcomeOf.What(verdict, OutcomeKind.DryRun, $"Would have told you: {title}.", time, nextStep);
        if (!notifier.IsAvailable)
            return OutcomeOf.What(verdict, OutcomeKind.Failed, "There is no desktop or terminal to show a message on.", time, nextStep);
        try
        {
            bool isShown = await _messenger.TellAsync(title, Text(verdict, nextStep), cancellation);
            return isShown
                ? OutcomeOf.What(verdict, OutcomeKind.Notified, "You were told.", time, nextStep)
                : OutcomeOf.What(verdict, OutcomeKind.Logged, "Recorded, and not shown: there were too many messages in a short time.", time, nextStep);
        }
        catch (NotifierException e)
        {
            return OutcomeOf.What(verdict, OutcomeKind.Failed, $"You could not be told: {PlainText.Clean(e.Message, 300)}", time, nextStep);
        }
    }

    private string Text(Verdict verdict, string? nextStep)
    {
        string text = IncidentWords.Sides(verdict.Incident, time.GetUtcNow());

        // Where the rule wanted to act, the user waits for it: say why it did not.
        if (verdict.IsReduced)
            text = $"{text} Not acted on: {verdict.Reason}";
        return nextStep is null ? text : $"{text}\n{nextStep}";
    }
}
