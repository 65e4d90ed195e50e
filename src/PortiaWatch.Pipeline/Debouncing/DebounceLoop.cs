using System.Reactive.Subjects;
using System.Threading.Channels;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Debouncing;

/// <summary>Leads sightings through the debounce: what is to be decided goes on, what became of it is told on the spot.</summary>
/// <param name="debouncer">Draws sightings together.</param>
/// <param name="isNews">Hears that a refused program serves elsewhere, and says whether that is to be decided as well; must not block.</param>
/// <param name="onClosed">Hears of a window's end; must not block. May be called from the debounce's own timer.</param>
internal sealed class DebounceLoop(Debouncer debouncer, Predicate<Collision> isNews, Action<Collision> onClosed)
{
    /// <summary>Hears of every sighting; must not block.</summary>
    public Action<Sighting> OnSighting { get; init; } = _ => { };

    /// <summary>Hears of every collision when it opens; must not block.</summary>
    public Action<Collision> OnOpened { get; init; } = _ => { };

    public async Task RunAsync(ChannelReader<Sighting> sightings, ChannelWriter<Collision> collisions)
    {
        using var input = new Subject<Sighting>();
        using IDisposable output = debouncer.Debounce(input).Subscribe(collision =>
        {
            if (collision.Phase == CollisionPhase.Opened)
                OnOpened(collision);

            // One sighting opens or improves at most one collision, and room for it was awaited below.
            if (collision.Phase == CollisionPhase.Closed)
                onClosed(collision);
            else if (collision.Phase == CollisionPhase.Graded && !isNews(collision))
                return;
            else if (!collisions.TryWrite(collision))
                throw new InvalidOperationException("a collision was passed on without room for it");
        });
        await foreach (Sighting sighting in sightings.ReadAllAsync())
        {
            await collisions.WaitToWriteAsync();
            OnSighting(sighting);
            input.OnNext(sighting);
        }

        input.OnCompleted();
    }
}
