using System.Threading.Channels;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Policies;
using PortiaWatch.Pipeline.Tests.Rules;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

public sealed class RespawnWatchTests
{
    private static readonly Supervisor Pm2 = new("pm2", "pm2 (pid 40)", ["pm2", "stop", "3"]);

    private readonly FakeMachine _machine = new();
    private readonly ManualTimeProvider _time = new();
    private readonly Channel<Outcome> _told = Channel.CreateBounded<Outcome>(16);

    [Fact]
    public async Task Follow_TakenAgainByTheSameSupervisor_IsToldWithItsStopCommand()
    {
        await using RespawnWatch watch = Watch();
        watch.Follow(Freed(change: facts => facts with { Supervisor = Pm2 }));
        await _time.AdvanceToNextTimerAsync();
        await _time.NextTimerAsync();
        _machine.Hold(90, change: facts => facts with { Supervisor = Pm2 });
        await _time.AdvanceToNextTimerAsync();

        Outcome again = await _told.Reader.ReadAsync();
        Assert.Equal((OutcomeKind.TakenAgain, "pm2 stop 3"), (again.Kind, again.NextStep));
        Assert.Equal("Port 3000 was taken again 700 ms after it was freed, by node (pid 90, started by pm2 (pid 40)).", again.Sentence);
    }

    [Fact]
    public async Task Follow_TakenAgainByTheSameLoop_NamesTheLoop()
    {
        _machine.Add(Some.Process(80, "bash") with { Command = ["bash", "loop.sh"] });
        await using RespawnWatch watch = Watch();
        watch.Follow(Freed(change: facts => facts with { Parents = [new(80, "bash")] }));
        _machine.Hold(90, change: facts => facts with { Parents = [new(80, "bash")] });
        await _time.AdvanceToNextTimerAsync();

        Assert.Equal("Stop what starts it: bash (pid 80).", (await _told.Reader.ReadAsync()).NextStep);
    }

    [Theory]
    [InlineData(400, "bash")]
    [InlineData(1, "systemd")]
    [InlineData(81, "npm")]
    public async Task Follow_TakenByAPersonOrAnotherProgram_IsNotHeldAgainstAnybody(int parent, string name)
    {
        _machine.Add(Some.Process(400, "bash") with { Command = ["-bash"] });
        await using (RespawnWatch watch = Watch())
        {
            watch.Follow(Freed(change: facts => facts with { Parents = [new(parent == 81 ? 400 : parent, name)] }));
            _machine.Hold(90, change: facts => facts with { Parents = [new(parent, name)] });
            await _time.AdvanceToNextTimerAsync();
        }

        Assert.False(_told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Follow_NobodyTakesIt_EndsAfterTwelveSeconds()
    {
        await using RespawnWatch watch = Watch();
        watch.Follow(Freed());

        TimeSpan waited = TimeSpan.Zero;
        for (int look = 0; look < 7; look++)
            waited += await _time.AdvanceToNextTimerAsync();

        Assert.Equal(TimeSpan.FromSeconds(12), waited);
        Assert.False(_time.NextTimerAsync().IsCompleted);
        Assert.False(_told.Reader.TryRead(out _));
    }

    [Theory]
    [InlineData(OutcomeKind.Left)]
    [InlineData(OutcomeKind.TimedOut)]
    [InlineData(OutcomeKind.TakenAgain)]
    public async Task Follow_NotFreed_LooksAtNothing(OutcomeKind kind)
    {
        await using RespawnWatch watch = Watch();

        watch.Follow(Freed() with { Kind = kind });

        Assert.False(_time.NextTimerAsync().IsCompleted);
    }

    [Fact]
    public async Task DisposeAsync_WhileItWatches_EndsAtOnce()
    {
        RespawnWatch watch = Watch();
        watch.Follow(Freed());

        await watch.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.False(_told.Reader.TryRead(out _));
    }

    private RespawnWatch Watch() => new(_machine, _machine, _time, again => _told.Writer.WriteAsync(again));

    private Outcome Freed(Func<ProcessFacts, ProcessFacts>? change = null)
    {
        ProcessFacts holder = _machine.Hold(change: change);
        _machine.End(77);
        Verdict verdict = Verdicts.Of(RuleAction.Kill, Incidents.Confirmed(holder: holder));
        return new Outcome { Verdict = verdict, Kind = OutcomeKind.Freed, Sentence = "Free.", At = _time.GetUtcNow() };
    }
}
