using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>Shows messages: one retry, a time limit for each try, and never a storm of them. Thread-safe.</summary>
internal sealed class Messenger
{
    // Five at once cover a developer who starts a whole stack; after that one in ten seconds is all that anybody reads.
    private const int Burst = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    private readonly INotifier _notifier;
    private readonly TokenBucket _bucket;
    private readonly ResiliencePipeline _resilience;

    public Messenger(INotifier notifier, TimeProvider time)
    {
        _notifier = notifier;
        _bucket = new TokenBucket(Burst, Interval, time);
        _resilience = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 1,
                Delay = RetryAfter,
                ShouldHandle = new PredicateBuilder().Handle<NotifierException>().Handle<TimeoutRejectedException>(),
            })
            .AddTimeout(TryLimit)
            .Build();
    }

    /// <summary>False when it was held back by the rate limit. Throws <see cref="NotifierException"/> when it cannot be shown.</summary>
    public async Task<bool> TellAsync(string title, string text, CancellationToken cancellation)
    {
        if (!_bucket.TryTake(out int heldBack))
            return false;
        if (heldBack > 0)
            text = $"{text} ({heldBack} earlier {(heldBack == 1 ? "message was" : "messages were")} not shown.)";
        try
        {
            await _resilience.ExecuteAsync(async c => await _notifier.TellAsync(title, text, c), cancellation);
            return true;
        }
        catch (TimeoutRejectedException e)
        {
            throw new NotifierException("The notification service did not answer.", e);
        }
    }
}
