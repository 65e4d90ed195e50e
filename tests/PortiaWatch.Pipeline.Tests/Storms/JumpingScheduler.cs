using System.Reactive.Concurrency;

namespace PortiaWatch.Pipeline.Tests.Storms;

/// <summary>Virtual time with a clock on the wall that can be set, as the system's scheduler has one: relative times and the stopwatch know nothing of it.</summary>
internal sealed class JumpingScheduler(DateTimeOffset start) : IScheduler, IServiceProvider
{
    private readonly HistoricalScheduler _inner = new(start);
    private TimeSpan _jumped;

    public DateTimeOffset Now => _inner.Now + _jumped;

    public void Jump(TimeSpan distance) => _jumped += distance;

    public void AdvanceBy(TimeSpan time) => _inner.AdvanceBy(time);

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => _inner.Schedule(state, action);

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) => _inner.Schedule(state, dueTime, action);

    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => _inner.Schedule(state, dueTime - Now, action);

    public object? GetService(Type serviceType) => ((IServiceProvider)_inner).GetService(serviceType);
}
