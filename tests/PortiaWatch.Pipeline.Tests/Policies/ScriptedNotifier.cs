namespace PortiaWatch.Pipeline.Tests.Policies;

/// <summary>Collects what is told and answers what a test says; a call can be held open until the test lets it go.</summary>
internal sealed class ScriptedNotifier : INotifier
{
    private readonly Lock _lock = new();
    private readonly List<(string Title, string Text)> _told = [];

    public bool IsAvailable { get; init; } = true;

    public Func<int, CancellationToken, Task> OnTell { get; init; } = (_, _) => Task.CompletedTask;

    public Func<int, CancellationToken, Task<Answer>> OnAsk { get; init; } = (_, _) => Task.FromResult(Answer.NoAnswer);

    public int Asked { get; private set; }

    public int Tries { get; private set; }

    public IReadOnlyList<(string Title, string Text)> Told
    {
        get
        {
            lock (_lock)
                return [.. _told];
        }
    }

    public async Task TellAsync(string title, string text, CancellationToken cancellation)
    {
        int number;
        lock (_lock)
            number = ++Tries;
        await OnTell(number, cancellation);
        lock (_lock)
            _told.Add((title, text));
    }

    public Task<Answer> AskAsync(string title, string text, TimeSpan limit, CancellationToken cancellation)
    {
        int number;
        lock (_lock)
        {
            number = ++Asked;
            _told.Add((title, text));
        }

        return OnAsk(number, cancellation);
    }
}
