using PortiaWatch.Pipeline;

namespace PortiaWatch.Linux.Notifications;

/// <summary>Stands where there is nobody to notify.</summary>
internal sealed class AbsentNotifier : INotifier
{
    public bool IsAvailable => false;

    public Task TellAsync(string title, string text, CancellationToken cancellation) => throw new NotifierException("There is no notification service here.");

    public Task<Answer> AskAsync(string title, string text, TimeSpan limit, CancellationToken cancellation) => Task.FromResult(Answer.NoAnswer);
}
