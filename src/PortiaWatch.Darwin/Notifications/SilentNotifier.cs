using PortiaWatch.Pipeline;

namespace PortiaWatch.Darwin.Notifications;

/// <summary>Stands where nobody can be told: no graphical session, no osascript.</summary>
internal sealed class SilentNotifier(string reason) : INotifier
{
    public bool IsAvailable => false;

    public Task TellAsync(string title, string text, CancellationToken cancellation) => throw new NotifierException(reason);

    public Task<Answer> AskAsync(string title, string text, TimeSpan limit, CancellationToken cancellation) => Task.FromResult(Answer.NoAnswer);
}
