using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Debouncing;

/// <summary>
/// Draws sightings of the same failure together. The first goes on at once; repeats inside the window only count, unless they can do more
/// (<see cref="CollisionPhase.Improved"/>). A window lasts a fixed time from its first sighting, so that a busy key never starves, and
/// when more than <paramref name="mostOpen"/> are open the oldest is closed early, so that memory is bounded.
/// </summary>
/// <param name="window">How long repeats only count.</param>
/// <param name="scheduler">Real or virtual time.</param>
/// <param name="mostOpen">Live collisions at most.</param>
public sealed class Debouncer(TimeSpan window, IScheduler scheduler, int mostOpen = 4096)
{
    /// <summary>Keeps no timer while no window is open, and closes what is open when the input completes.</summary>
    public IObservable<Collision> Debounce(IObservable<Sighting> sightings) => Observable.Create<Collision>(observer =>
    {
        var windows = new OpenWindows(window, scheduler, mostOpen, observer);
        IDisposable input = sightings.Synchronize(windows.Gate)
            .Subscribe(Observer.Create<Sighting>(windows.Take, observer.OnError, windows.Complete));
        return new CompositeDisposable(input, windows);
    });

    /// <summary>The state of one subscription; every member is called under <see cref="Gate"/>.</summary>
    private sealed class OpenWindows(TimeSpan window, IScheduler scheduler, int mostOpen, IObserver<Collision> observer) : IDisposable
    {
        private readonly Dictionary<CollisionKey, List<OpenCollision>> _byKey = [];

        // Every window is equally long, so the first opened is the first to close.
        private readonly Queue<OpenCollision> _open = new();
        private readonly SerialDisposable _timer = new();

        // Not the clock of the wall: one that is put back an hour would keep every window open, and its failures unheard, for that hour.
        private readonly IStopwatch _elapsed = scheduler.StartStopwatch();

        public object Gate { get; } = new();

        public void Take(Sighting sighting)
        {
            OpenCollision? collision = Find(sighting);
            if (sighting.Kind == SightingKind.Soft)
            {
                // It follows a failure that went on long ago, and is none of its own. Another program of the same name may still be stuck.
                if (collision is not null && collision.IsOf(sighting.Record.Sender))
                {
                    collision.Grade();
                    observer.OnNext(collision.Snapshot(CollisionPhase.Graded));
                }
            }
            else if (collision is null)
            {
                if (_open.Count >= mostOpen)
                    Close(_open.Dequeue());
                collision = new OpenCollision(sighting, _elapsed.Elapsed + window);
                _open.Enqueue(collision);
                Know(collision);
                if (_open.Count == 1)
                    Arm();
                observer.OnNext(collision.Snapshot(CollisionPhase.Opened));
            }
            else if (collision.Add(sighting))
            {
                Know(collision);
                observer.OnNext(collision.Snapshot(CollisionPhase.Improved));
            }
        }

        public void Complete()
        {
            while (_open.TryDequeue(out OpenCollision? collision))
                Close(collision);
            observer.OnCompleted();
        }

        public void Dispose() => _timer.Dispose();

        private OpenCollision? Find(Sighting sighting)
        {
            if (_byKey.TryGetValue(CollisionKey.Of(sighting), out List<OpenCollision>? candidates)
                && candidates.FindLast(open => open.Takes(sighting) && IsSameProgram(open.Evidence.Record.Sender, sighting.Record.Sender)) is { } sameEndpoint)
            {
                return sameEndpoint;
            }

            // The port may come in a second message of the same process.
            return sighting.Record.Sender is { Pid: not 0 } sender && _byKey.TryGetValue(CollisionKey.Of(sender), out candidates)
                ? candidates.FindLast(open => open.Takes(sighting) && !open.Evidence.Endpoint.IsComplete)
                : null;
        }

        // A program in a restart loop has a new pid each time and is still one story; where a source does not say who, it may be anybody.
        // The same port in another network is another port. Pid 0 is nobody in particular: it has no number here.
        private static bool IsSameProgram(Sender? one, Sender? other) =>
            one is null || other is null || (one.Pid == other.Pid && one.Pid != 0)
            || (AgreesOrUnknown(one.Name, other.Name) && AgreesOrUnknown(one.Uid, other.Uid) && one.ForeignNetwork == other.ForeignNetwork);

        private static bool AgreesOrUnknown<T>(T one, T other) => one is null || other is null || one.Equals(other);

        private void Know(OpenCollision collision)
        {
            Know(collision, CollisionKey.Of(collision.Evidence));

            // A later message of the same process without a port belongs to the same failure.
            if (collision.Evidence.Record.Sender is { Pid: not 0 } sender)
                Know(collision, CollisionKey.Of(sender));
        }

        private void Know(OpenCollision collision, CollisionKey key)
        {
            if (collision.Keys.Contains(key))
                return;
            collision.Keys.Add(key);
            if (!_byKey.TryGetValue(key, out List<OpenCollision>? candidates))
                _byKey.Add(key, candidates = []);
            candidates.Add(collision);
        }

        private void Close(OpenCollision collision)
        {
            foreach (CollisionKey key in collision.Keys)
            {
                List<OpenCollision> candidates = _byKey[key];
                candidates.Remove(collision);
                if (candidates.Count == 0)
                    _byKey.Remove(key);
            }

            if (collision.HasNews)
                observer.OnNext(collision.Snapshot(CollisionPhase.Closed));
        }

        // Whole milliseconds, and never none: a delay that is cut to none runs at once, inside Schedule, and the timer that it arms for the next window would be taken for
        // the one before and disposed when Schedule returns.
        private void Arm()
        {
            _timer.Disposable = Disposable.Empty;
            if (_open.TryPeek(out OpenCollision? next))
                _timer.Disposable = scheduler.Schedule(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((next.ClosesAt - _elapsed.Elapsed).TotalMilliseconds))), CloseDue);
        }

        private void CloseDue()
        {
            lock (Gate)
            {
                while (_open.TryPeek(out OpenCollision? next) && next.ClosesAt <= _elapsed.Elapsed)
                    Close(_open.Dequeue());
                Arm();
            }
        }
    }
}
