using PortiaWatch.Control;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.History;

namespace PortiaWatch.Daemon;

/// <summary>What the bare <c>portia</c> tells: is the watcher running, what happened today.</summary>
/// <param name="Watcher">One plain sentence.</param>
/// <param name="IsRunning">As far as can be told.</param>
/// <param name="IsInstalled">It starts with the session.</param>
/// <param name="Start">What starts a watcher here; null where one is there already.</param>
/// <param name="Today">Today's incidents, oldest first.</param>
/// <param name="Problem">Why the history cannot be read; null when it can, or there is none yet.</param>
internal sealed record Overview(string Watcher, bool IsRunning, bool IsInstalled, string? Start, IReadOnlyList<HistoryEntry> Today, string? Problem)
{
    private const int MostIncidents = 1000;

    // The service's own advice where the session's manager cannot be reached.
    private const string InForeground = "portia watch";

    // The screen is for a person who waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<Overview> LookAsync(Composition composition, CancellationToken cancellation)
    {
        UserServiceReport? service = await ServiceAsync(composition.Platform.Service, cancellation);
        (IReadOnlyList<HistoryEntry> today, string? problem) = Today(composition);
        WatcherPulse watcher = await WatcherPulse.FeelAsync(composition.Platform, cancellation);
        string sentence = watcher switch
        {
            { IsAwake: true } => $"The watcher runs (pid {watcher.Pid}).",
            { IsThere: true } => $"The watcher{(watcher.Pid is { } pid ? $" (pid {pid})" : "")} does not answer; see portia doctor.",
            _ => service?.Sentence ?? "No watcher answers.",
        };
        bool isRunning = watcher.IsAwake || (!watcher.IsThere && service is { IsLoaded: true });
        bool isInstalled = service is { IsInstalled: true };
        string? start = watcher.IsThere || isRunning || isInstalled ? null : service?.NextStep is InForeground ? InForeground : "portia install";
        return new Overview(sentence, isRunning, isInstalled, start, today, problem);

        static (IReadOnlyList<HistoryEntry>, string?) Today(Composition composition)
        {
            DateTimeOffset now = TimeProvider.System.GetLocalNow();
            try
            {
                using HistoryReader? history = composition.OpenHistory();
                return ([.. history?.Find(new HistoryQuery { Since = now - now.TimeOfDay, Limit = MostIncidents, WithStories = false }) ?? []], null);
            }
            catch (Exception error) when (error is UsageException or HistoryException)
            {
                return ([], error.Message);
            }
        }
    }

    private static async Task<UserServiceReport?> ServiceAsync(UserService? service, CancellationToken cancellation)
    {
        if (service is null)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await service.StatusAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
