using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

public sealed class StrikeBudgetTests
{
    private const string Key = "Tcp/3000";
    private readonly ManualTimeProvider _time = new();
    private readonly StrikeSettings _settings = new() { BudgetStrikes = 2, BudgetWindow = TimeSpan.FromMinutes(1) };

    [Fact]
    public void Refusal_StrikesSpreadOut_NeverComes()
    {
        var budget = new StrikeBudget(_time);
        for (int i = 0; i < 20; i++)
        {
            Assert.Null(budget.Refusal(Key, _settings));
            budget.Book(Key, "node", _settings);
            _time.Advance(TimeSpan.FromSeconds(31));
        }
    }

    [Fact]
    public void Refusal_CircuitOpensAgainAtOnce_PausesGrowToAnHour()
    {
        var budget = new StrikeBudget(_time);
        var pauses = new List<double>();
        for (int i = 0; i < 8; i++)
            pauses.Add(WaitOutAPause(budget, _settings).TotalMinutes);

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], pauses);
    }

    [Theory]
    [InlineData(119, 2)]
    [InlineData(120, 1)]
    public void Refusal_CircuitOpensAgainAfterAWhile_PauseGrowsOnlyWhenThatIsSoon(int seconds, int minutes)
    {
        var budget = new StrikeBudget(_time);
        WaitOutAPause(budget, _settings);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(minutes, WaitOutAPause(budget, _settings).TotalMinutes);
    }

    [Fact]
    public void Refusal_AskedAgainDuringThePause_StaysAndKeepsItsEnd()
    {
        var budget = new StrikeBudget(_time);
        budget.Book(Key, "node", _settings);
        budget.Book(Key, "node", _settings);
        (DateTimeOffset Until, string Taker)? first = budget.Refusal(Key, _settings);

        _time.Advance(TimeSpan.FromSeconds(59));

        Assert.NotNull(first);
        Assert.Equal(first, budget.Refusal(Key, _settings));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(budget.Refusal(Key, _settings));
    }

    [Fact]
    public void Refusal_WindowLongerThanTheLongestPause_IsNeverExceeded()
    {
        var day = new StrikeSettings { BudgetStrikes = 3, BudgetWindow = TimeSpan.FromDays(1) };
        var budget = new StrikeBudget(_time);
        int strikes = 0;
        for (int minute = 0; minute < 24 * 60; minute++)
        {
            if (budget.Refusal(Key, day) is null)
            {
                budget.Book(Key, "node", day);
                strikes++;
            }

            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, strikes);
    }

    [Fact]
    public void Refusal_StrikeAsOldAsTheWindow_CountsNoMore()
    {
        var budget = new StrikeBudget(_time);
        budget.Book(Key, "node", _settings);
        _time.Advance(TimeSpan.FromSeconds(30));
        budget.Book(Key, "node", _settings);
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Null(budget.Refusal(Key, _settings));
    }

    [Fact]
    public void Refusal_OtherEndpoints_AreNotConcerned()
    {
        var budget = new StrikeBudget(_time);
        budget.Book(Key, "node", _settings);
        budget.Book(Key, "node", _settings);

        Assert.NotNull(budget.Refusal(Key, _settings));
        Assert.Null(budget.Refusal("Tcp/3001", _settings));
    }

    [Fact]
    public void Book_ManyEndpoints_StayBounded()
    {
        var budget = new StrikeBudget(_time);
        for (int port = 0; port < 5000; port++)
            budget.Book($"Tcp/{port}", "node", _settings);
        budget.Book("Tcp/4999", "node", _settings);

        Assert.NotNull(budget.Refusal("Tcp/4999", _settings));
    }

    [Fact]
    public void Book_MoreEndpointsThanItKeeps_ForgetsTheOneStruckLongestAgo()
    {
        var budget = new StrikeBudget(_time);
        for (int port = 0; port <= 1024; port++)
            Exhaust(budget, port);

        Assert.Null(budget.Refusal("Tcp/0", _settings));
        for (int port = 1; port <= 1024; port++)
            Assert.NotNull(budget.Refusal($"Tcp/{port}", _settings));
    }

    [Fact]
    public void Book_MoreEndpointsThanItKeeps_NeverForgetsAPauseBeforeWhatIsQuietSooner()
    {
        var budget = new StrikeBudget(_time);
        Exhaust(budget, 0);
        WaitOut(budget.Refusal("Tcp/0", _settings));
        Exhaust(budget, 0);
        DateTimeOffset? until = budget.Refusal("Tcp/0", _settings)?.Until;
        for (int port = 1; port <= 3000; port++)
            Exhaust(budget, port);

        Assert.NotNull(until);
        Assert.Equal(until, budget.Refusal("Tcp/0", _settings)?.Until);
    }

    private void Exhaust(StrikeBudget budget, int port)
    {
        for (int strike = 0; strike < _settings.BudgetStrikes; strike++)
            budget.Book($"Tcp/{port}", "node", _settings);
        _time.Advance(TimeSpan.FromMilliseconds(10));
    }

    private TimeSpan WaitOutAPause(StrikeBudget budget, StrikeSettings settings)
    {
        for (int strike = 0; strike < settings.BudgetStrikes; strike++)
            budget.Book(Key, "node", settings);
        TimeSpan pause = WaitOut(budget.Refusal(Key, settings));
        Assert.Null(budget.Refusal(Key, settings));
        return pause;
    }

    private TimeSpan WaitOut((DateTimeOffset Until, string Taker)? refusal)
    {
        Assert.NotNull(refusal);
        TimeSpan pause = refusal.Value.Until - _time.GetUtcNow();
        _time.Advance(pause);
        return pause;
    }
}
