using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace PortiaWatch.Pipeline.Tests.Debouncing;

/// <summary>
/// As the task pool's scheduler has it (Task.Delay counts whole milliseconds, and a continuation of a delay of none runs at once, inside Schedule): what is due comes up to
/// a millisecond early.
/// </summary>
internal sealed class HastyScheduler(HistoricalScheduler inner) : IScheduler, IStopwatchProvider, IServiceProvider
{
    /// <summary>How often somebody asked to be woken.</summary>
    public int Timers { get; private set; }

    public DateTimeOffset Now => inner.Now;

    public IStopwatch StartStopwatch() => inner.StartStopwatch();

    public object? GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider) ? this : null;

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => Schedule(state, TimeSpan.Zero, action);

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        Timers++;
        var whole = TimeSpan.FromMilliseconds(Math.Floor(dueTime.TotalMilliseconds));
        if (whole > TimeSpan.Zero)
            return inner.Schedule(state, whole, action);
        if (dueTime > TimeSpan.Zero)
            inner.Sleep(dueTime);
        action(this, state);
        return Disposable.Empty;
    }

    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => Schedule(state, dueTime - Now, action);
}
