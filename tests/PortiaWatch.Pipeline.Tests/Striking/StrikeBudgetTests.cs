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
    public void Refusal_CircuitOpensAgainAtOnce_PausesGrow()
    {
        var budget = new StrikeBudget(_time);
        var pauses = new List<double>();
        for (int i = 0; i < 4; i++)
        {
            budget.Book(Key, "node", _settings);
            budget.Book(Key, "node", _settings);
            DateTimeOffset until = budget.Refusal(Key, _settings)!.Value.Until;
            pauses.Add((until - _time.GetUtcNow()).TotalMinutes);
            _time.Advance(until - _time.GetUtcNow());
            Assert.Null(budget.Refusal(Key, _settings));
        }

        Assert.Equal([1, 2, 4, 8], pauses);
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
}
