using PortiaWatch.Pipeline.Configuration;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>
/// How often an endpoint may be struck. When the strikes of a window are used up the circuit opens: nothing more is signalled until a pause is over, and each pause that
/// follows another at once is twice as long. Thread-safe and bounded: where there are too many endpoints, the quietest is forgotten.
/// </summary>
internal sealed class StrikeBudget(TimeProvider time)
{
    private const int MostEndpoints = 1024;

    /// <summary>Unless the window itself is longer: its strikes count until it is over.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();

    // Since this began: a clock that jumps neither forgives strikes nor holds them against anybody for longer.
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<string, Account> _accounts = [];

    /// <summary>Until when the endpoint must be left alone, and who was struck there last; null when a strike is allowed.</summary>
    public (DateTimeOffset Until, string Taker)? Refusal(string endpoint, StrikeSettings settings)
    {
        lock (_lock)
        {
            if (!_accounts.TryGetValue(endpoint, out Account? account))
                return null;
            TimeSpan now = time.GetElapsedTime(_start);
            account.Strikes.RemoveAll(at => now - at >= settings.BudgetWindow);
            if (now < account.OpenUntil)
                return Refuse(account, now);
            if (account.Strikes.Count < settings.BudgetStrikes)
                return null;

            // A circuit that opens again soon after it closed has not been understood: wait longer.
            account.Pauses = account.OpenUntil is { } last && now - last < settings.BudgetWindow * 2 ? account.Pauses + 1 : 0;
            TimeSpan pause = settings.BudgetWindow * Math.Pow(2, Math.Min(account.Pauses, 16));
            account.OpenUntil = now + Least(pause, Most(LongestPause, settings.BudgetWindow));
            return Refuse(account, now);
        }
    }

    /// <summary>Books one strike. <paramref name="taker"/> names who held the endpoint, for people.</summary>
    public void Book(string endpoint, string taker, StrikeSettings settings)
    {
        lock (_lock)
        {
            if (!_accounts.TryGetValue(endpoint, out Account? account))
            {
                // The one that is quiet first, or has been for longest: never one that is paused while another is not.
                if (_accounts.Count >= MostEndpoints)
                    _accounts.Remove(_accounts.MinBy(a => a.Value.QuietFrom).Key);
                _accounts.Add(endpoint, account = new Account());
            }

            TimeSpan now = time.GetElapsedTime(_start);
            account.Strikes.Add(now);
            account.CountsUntil = now + settings.BudgetWindow;
            account.Taker = taker;
        }
    }

    private (DateTimeOffset Until, string Taker) Refuse(Account account, TimeSpan now) =>
        (time.GetUtcNow() + (account.OpenUntil.GetValueOrDefault() - now), account.Taker);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Most(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed class Account
    {
        public List<TimeSpan> Strikes { get; } = [];

        public TimeSpan? OpenUntil { get; set; }

        /// <summary>When its last strike leaves the window.</summary>
        public TimeSpan CountsUntil { get; set; }

        /// <summary>From when on nothing is held against it.</summary>
        public TimeSpan QuietFrom => Most(CountsUntil, OpenUntil.GetValueOrDefault());

        /// <summary>How many pauses have followed one another.</summary>
        public int Pauses { get; set; }

        public string Taker { get; set; } = "";
    }
}
