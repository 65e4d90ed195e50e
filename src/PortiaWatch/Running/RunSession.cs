using PortiaWatch.Interop;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using Serilog.Core;

namespace PortiaWatch.Running;

/// <summary>
/// <c>portia run</c> from the first start of the command to its last exit code. The command is started before anything else is loaded; what looks up
/// and strikes is made when the first failure is read.
/// </summary>
internal sealed class RunSession : IDisposable
{
    /// <summary>
    /// A command that has not ended so long after a refusal, and serves nowhere, hangs in it. nginx tries for two and a half seconds.
    /// </summary>
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(3);

    /// <summary>What was refused longer ago than this is not why the command ended.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly RunOptions _options;
    private readonly RealTerminal? _real;
    private readonly Voice _voice;
    private readonly Screen _screen = new();
    private readonly Keyboard _keyboard = new();
    private readonly JobControl _job;
    private readonly Lazy<Composition> _parts;
    private readonly Lazy<IncidentHistory> _history;
    private readonly Lazy<Rescue> _rescue;
    private readonly HashSet<Endpoint> _settled = [];
    private readonly RunSignals _signals;

    public RunSession(RunOptions options)
    {
        _options = options;
        _real = Libc.isatty(1) != 0 ? RealTerminal.Open() : null;
        _voice = new Voice(options);
        _job = new JobControl(_real, _keyboard);
        _signals = new RunSignals(_job);
        _keyboard.Suspended += _job.OnSuspendKey;
        _parts = new Lazy<Composition>(() => Composition.Create(options.Configuration, configurationMustBeValid: true));
        Question? question = _real is not null && Libc.isatty(Output.Messages) != 0 ? new Question(_real, _keyboard, _voice) : null;
        _history = new Lazy<IncidentHistory>(() => _parts.Value.NewHistory(Logger.None));
        _rescue = new Lazy<Rescue>(() => new Rescue(options, _parts.Value, _history.Value, _voice, question));
    }

    /// <summary>The command's exit code.</summary>
    public async Task<int> RunAsync()
    {
        var next = new Remedy(_options.Command, Port: null);
        for (int left = _options.Retries; ; left--)
        {
            try
            {
                (int exitCode, Remedy? again) = await RunOnceAsync(next, mayRetry: left > 0);
                if (again is null)
                    return exitCode;
                next = again;
            }
            catch (SpawnFailure failure)
            {
                _real?.GiveBack();
                _voice.Say(failure.Message);
                return failure.ExitCode;
            }
            catch (OperationCanceledException) when (_signals.Stop.IsCancellationRequested)
            {
                return _signals.ExitCode;
            }
        }
    }

    public void Dispose()
    {
        _job.End();
        if (_history.IsValueCreated)
            _history.Value.Dispose();
        _signals.Dispose();
        _real?.Dispose();
        _keyboard.Dispose();
        _job.Dispose();
        _screen.Dispose();
    }

    private async Task<(int ExitCode, Remedy? Again)> RunOnceAsync(Remedy start, bool mayRetry)
    {
        var findings = new Findings();
        var inquiry = new Inquiry(_options, _parts);
        bool isReader = ContenderFinder.OnlyReads(start.Command);
        Child? running = null;

        // Before the command can say a word: a key that answers it must find its way to it.
        _real?.Take();
        using Child child = running = Child.Start(start.Command, start.Port, _real, _screen, Heard);
        child.Attend(_job.OnStopped);
        _job.Begin(child);
        _signals.PassOnEarlyOne(child);
        Remedy? again = mayRetry ? await WhileItLivesAsync(child, start, findings, inquiry) : null;
        if (again is null)
        {
            await child.Ended;
            await child.DrainAsync();
            _job.End();
            if (mayRetry && !_signals.Stop.IsCancellationRequested && !WasInterrupted(findings))
                again = await HelpAsync(child, start, findings, inquiry);
        }

        if (again is not null)
            await child.EndAsync();
        _job.End();
        await child.CloseAsync(isForGood: again is null);
        return (child.Reap(), again);

        void Heard(Sighting sighting)
        {
            if (isReader || running is null)
                return;
            findings.Add(sighting);
            if (sighting.Kind == SightingKind.Collision)
                inquiry.Begin(running, start.Command);
        }
    }

    // A command that survives its refusal: nodemon that waits for a change, a server that tries again for ever.
    private async Task<Remedy?> WhileItLivesAsync(Child child, Remedy start, Findings findings, Inquiry inquiry)
    {
        while (!child.Ended.IsCompleted)
        {
            await Task.WhenAny(child.Ended, findings.News);
            if (!child.Ended.IsCompleted)
                await Task.WhenAny(child.Ended, Task.Delay(StuckAfter));
            if (child.Ended.IsCompleted || findings.Standing(_settled.Contains) is not { } collision || WasInterrupted(findings))
                continue;
            if (Serves(child, collision, inquiry))
                _settled.Add(collision.Endpoint);
            if (_settled.Contains(collision.Endpoint) || !MayInterrupt(child))
                continue;
            _screen.Hold();
            try
            {
                if (await HelpAsync(child, start, findings, inquiry) is { } again)
                    return again;
            }
            catch (OperationCanceledException) when (_signals.Stop.IsCancellationRequested)
            {
                // The signal was passed on: how the command ends, in its own time and on its own terminal, is its own affair.
                return null;
            }
            finally
            {
                _screen.Release();
            }
        }

        return null;
    }

    private bool Serves(Child child, Collision collision, Inquiry inquiry)
    {
        try
        {
            return inquiry.Serves(child);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            GiveUp(child, collision, error);
            return false;
        }
    }

    // Whatever goes wrong with the help, the command goes on, and its exit code is the answer.
    private void GiveUp(Child child, Collision collision, Exception error)
    {
        _settled.Add(collision.Endpoint);
        string why = error is UsageException ? error.Message : PlainText.Clean(error.Message, 300);
        _voice.Say($"{why}\nNothing was done about the refused port.", child.Ended.IsCompleted ? null : child);
    }

    private async Task<Remedy?> HelpAsync(Child child, Remedy start, Findings findings, Inquiry inquiry)
    {
        if (findings.Standing(_settled.Contains) is not { } collision || TimeProvider.System.GetUtcNow() - collision.Last > Fresh)
            return null;
        using var help = CancellationTokenSource.CreateLinkedTokenSource(_signals.Stop);
        _keyboard.Interrupted += GiveUpWaiting;
        try
        {
            Incident incident = await inquiry.LookAsync(collision, start);
            Remedy? remedy = await _rescue.Value.HelpAsync(incident, start, child, inquiry.NetworkDoubt, help.Token);
            if (remedy is null)
                _settled.Add(collision.Endpoint);
            return remedy;
        }
        catch (OperationCanceledException) when (!_signals.Stop.IsCancellationRequested)
        {
            _settled.Add(collision.Endpoint);
            return null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            GiveUp(child, collision, error);
            return null;
        }
        finally
        {
            _keyboard.Interrupted -= GiveUpWaiting;
        }

        void GiveUpWaiting()
        {
            try
            {
                _ = help.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // The help was over in this moment.
            }
        }
    }

    // A program that reads single keys draws on the whole screen; a question in the middle of it helps nobody.
    private bool MayInterrupt(Child child) => _options.Mode != RunMode.Ask || child.Terminal?.Modes is { ReadsLines: true };

    // Who pressed Ctrl-C after the refusal wants to get out.
    private bool WasInterrupted(Findings findings) =>
        _keyboard.InterruptedAt is { } at && findings.Standing(_ => false) is { } collision && at >= collision.First;
}
