using System.Diagnostics;
using System.Threading.Channels;
using PortiaWatch.Daemon;
using PortiaWatch.Interop;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Rendering;
using PortiaWatch.Running;

namespace PortiaWatch.Top;

/// <summary>
/// The view from its opening to its end. Keys, sockets, the watcher and signals post what is to be done; one loop does it and draws what has changed. Nothing happens in between.
/// </summary>
internal sealed class TopSession : IDisposable
{
    private const int SignalBase = 128;

    // Keys that come faster than they are handled are dropped; everybody else waits.
    private readonly Channel<Action> _work = Channel.CreateBounded<Action>(new BoundedChannelOptions(256) { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly TopModel _model = new();
    private readonly TopScreen _screen;
    private readonly Paint _paint;
    private readonly TopView _view;
    private readonly TopStories _stories;
    private readonly TopStrike _strike;
    private readonly TopKeys _keys;
    private readonly SocketFeed _sockets;
    private readonly WatcherFeed _watcher;
    private readonly WatcherStart _start;
    private readonly List<Task> _feeds = [];
    private int _exitCode = ExitCode.Done;
    private bool _isStriking;
    private bool _isStarting;

    public TopSession(Composition composition, RealTerminal terminal, bool isPlain, string? configuration, TimeProvider time)
    {
        _screen = new TopScreen(terminal);
        _paint = new Paint(isPlain);
        _view = new TopView(_paint, time);
        _stories = new TopStories(composition, _paint, time);
        _strike = new TopStrike(composition, isOwnConfiguration: configuration is not null);
        _start = new WatcherStart(composition.Platform, configuration);
        _sockets = new SocketFeed(new PortBoard(composition.Platform), (rows, cancellation) => PostAsync(model =>
        {
            if (rows is not null)
                model.SetPorts(rows);
        }, cancellation));
        _watcher = new WatcherFeed(composition.Platform, PostAsync, LoadHistoryAsync);
        _keys = new TopKeys(_model, new TopActions
        {
            Quit = _end.Cancel,
            Suspend = Suspend,
            Redraw = _screen.Forget,
            OpenDetails = OpenDetails,
            AskToStrike = AskToStrike,
            Strike = Strike,
            StartWatcher = StartWatcher,
        });
    }

    /// <summary>Returns the exit code when the user quits or a signal ends it.</summary>
    public async Task<int> RunAsync()
    {
        void GiveBack(object? sender, EventArgs reason) => _screen.Close();
        AppDomain.CurrentDomain.ProcessExit += GiveBack;
        AppDomain.CurrentDomain.UnhandledException += GiveBack;
        using var keyboard = new KeyboardReader((key, readAt) => _work.Writer.TryWrite(() => _keys.Press(key, readAt, Page)), () => End(SignalBase + Libc.SIGHUP));
        using var signals = new TopSignals(signal => End(SignalBase + signal), Redraw, Resume);
        try
        {
            if (!_screen.Open())
                return ExitCode.Usage;
            keyboard.Start();
            Feed(LoadHistoryAsync(_end.Token).AsTask());
            Feed(_sockets.RunAsync(_end.Token));
            Feed(_watcher.RunAsync(_end.Token));
            await LoopAsync();
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Quit.
        }
        finally
        {
            _screen.Close();
            AppDomain.CurrentDomain.ProcessExit -= GiveBack;
            AppDomain.CurrentDomain.UnhandledException -= GiveBack;
            await _end.CancelAsync();
        }

        foreach (Task feed in _feeds)
            await feed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _exitCode;
    }

    public void Dispose()
    {
        _screen.Dispose();
        _paint.Dispose();
        _end.Dispose();
    }

    private static int Page => Math.Max(1, (TopScreen.Size.Height / 2) - 1);

    private async Task LoopAsync()
    {
        while (true)
        {
            (int width, int height) = TopScreen.Size;
            if (!_screen.Draw(_view.Draw(_model, width, height)))
                End(SignalBase + Libc.SIGHUP);
            if (_model.Overlay?.Question is { ShownAt: null } question)
                question.ShownAt = Stopwatch.GetTimestamp();
            await _work.Reader.WaitToReadAsync(_end.Token);
            while (_work.Reader.TryRead(out Action? work))
                work();

            // A defect in a feed is ours: better an end with its trace than a view that stands still.
            if (_feeds.Find(feed => feed.IsFaulted) is { } broken)
                await broken;
        }
    }

    private void Feed(Task feed)
    {
        _feeds.RemoveAll(other => other.IsCompletedSuccessfully);
        _feeds.Add(feed);
        _ = feed.ContinueWith(_ => _work.Writer.TryWrite(() => { }), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private ValueTask PostAsync(Action<TopModel> change, CancellationToken cancellation) => _work.Writer.WriteAsync(() => change(_model), cancellation);

    private async ValueTask LoadHistoryAsync(CancellationToken cancellation)
    {
        await Task.Yield();
        try
        {
            IReadOnlyList<IncidentRow> rows = _stories.Remembered();
            await PostAsync(model => model.AddIncidents(rows), cancellation);
        }
        catch (HistoryException error)
        {
            await PostAsync(model => model.Notice = Notice.Warning(error.Message), cancellation);
        }
    }

    private void OpenDetails()
    {
        if (_model is { Pane: TopPane.Ports, SelectedPort: { } port })
            _model.Overlay = _stories.Of(port, _strike.LookUp(port.Endpoint));
        else if (_model is { Pane: TopPane.Incidents, SelectedIncident: { } incident })
            _model.Overlay = _stories.Of(incident);
    }

    private void AskToStrike(PortRow port)
    {
        Holding holding = _strike.LookUp(port.Endpoint);
        var question = new StrikeQuestion(port.Endpoint, holding);
        if (_isStriking)
            _model.Notice = Notice.Warning("One strike at a time: the other has not ended yet.");
        else if (holding.Holders.Count == 0)
            _model.Notice = Notice.Plain(holding.Limit ?? $"Nobody holds {port.Where} any more.");
        else if (!question.IsStill(port))
            _model.Notice = Notice.Warning($"{port.Where} has changed hands since it was drawn. Look again before you strike.");
        else
            _model.Overlay = _stories.Of(port, holding, question);
        _sockets.Nudge();
    }

    private void Strike(StrikeQuestion question)
    {
        _isStriking = true;
        _model.Notice = Notice.Plain($"Striking {question.Who} …");
        Feed(StrikeAsync(question));
    }

    private async Task StrikeAsync(StrikeQuestion question)
    {
        await Task.Yield();
        StrikeResult result = await _strike.RunAsync(question, _end.Token);
        await PostAsync(model =>
        {
            _isStriking = false;
            string next = result.NextStep is { } step ? $" {step}" : "";
            model.Notice = new Notice(PlainText.Clean(result.Sentence + next, 300), StrikeView.ColorOf(result.Kind));
        }, _end.Token);
        _sockets.Nudge();
    }

    private void StartWatcher()
    {
        if (_isStarting)
            return;
        _isStarting = true;
        _model.Notice = Notice.Plain("Starting a watcher …");
        Feed(StartWatcherAsync());
    }

    private async Task StartWatcherAsync()
    {
        await Task.Yield();
        (bool isRunning, string sentence) = await _start.RunAsync(_end.Token);
        await PostAsync(model =>
        {
            _isStarting = false;
            model.Notice = isRunning ? Notice.Plain(sentence) : Notice.Warning(sentence);
        }, _end.Token);
    }

    private void End(int exitCode)
    {
        _exitCode = exitCode;
        _end.Cancel();
    }

    private void Redraw() => _work.Writer.TryWrite(_screen.Forget);

    // Ctrl-Z. A session without a shell above it would never be continued.
    private void Suspend()
    {
        if (!RealTerminal.CanBeSuspended)
            return;
        _screen.Close();
        _ = Libc.kill(0, Abi.SIGSTOP);
        Resume();
    }

    // In the background the terminal is somebody else's; the next SIGCONT tries again.
    private void Resume() => _work.Writer.TryWrite(() => _screen.Open());
}
