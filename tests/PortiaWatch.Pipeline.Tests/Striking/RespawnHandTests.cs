using System.Collections.Concurrent;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Policies;
using PortiaWatch.Pipeline.Tests.Rules;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

/// <summary>Whose hand it is that takes a freed port again, and how many ports are looked after at once.</summary>
public sealed class RespawnHandTests
{
    private static readonly Supervisor Pm2 = new("pm2", "pm2 (pid 40)", ["pm2", "stop", "3"]);

    private readonly FakeMachine _machine = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<Outcome> _told = [];

    public RespawnHandTests()
    {
        _machine.Add(Some.Process(1, "systemd") with { Command = ["/sbin/init", "splash"] });
        _machine.Add(Some.Process(80, "bash") with { Command = ["bash", "loop.sh"] });
        _machine.Add(Some.Process(81, "npm") with { Command = ["npm", "start"] });
    }

    [Theory]
    [InlineData(80, 80, true)]
    [InlineData(80, 81, false)]
    [InlineData(1, 1, false)]
    [InlineData(80, null, false)]
    [InlineData(null, 80, false)]
    [InlineData(null, null, false)]
    public async Task Follow_TakenAgain_IsHeldOnlyAgainstTheSameLivingParent(int? before, int? after, bool isTold)
    {
        await FollowAsync([Child(77, before)], Child(90, after));

        Assert.Equal(isTold, !_told.IsEmpty);
    }

    [Fact]
    public async Task Follow_OneOfSeveralHoldersIsStartedAgain_IsTold()
    {
        await FollowAsync([Child(75, null), Child(76, 81), Child(77, 80)], Child(90, 80));

        Assert.Equal("Stop what starts it: parent (pid 80).", Assert.Single(_told).NextStep);
    }

    [Fact]
    public async Task Follow_SupervisorStartsOneOfSeveralAgain_IsToldAlthoughItHasNoParent()
    {
        await FollowAsync([Child(76, 81), Child(77, 80) with { Supervisor = Pm2 }], Child(90, null) with { Supervisor = Pm2 });

        Assert.Equal("pm2 stop 3", Assert.Single(_told).NextStep);
    }

    [Fact]
    public async Task Follow_AnotherSupervisorTakesIt_IsNotHeldAgainstTheFirst()
    {
        await FollowAsync([Child(77, 80) with { Supervisor = Pm2 }], Child(90, 80) with { Supervisor = Pm2 with { Name = "pm2 (pid 41)" } });

        Assert.Empty(_told);
    }

    [Fact]
    public async Task Follow_TheSameProcessOpensItAgain_WasNotStartedAgain()
    {
        ProcessFacts holder = Child(77, 80);

        await FollowAsync([holder], holder);

        Assert.Empty(_told);
    }

    [Theory]
    [InlineData(77, 9UL)]
    [InlineData(90, 77_000UL)]
    public async Task Follow_TakerHasThePidOrTheStartOfTheOldOne_IsAnotherProcess(int pid, ulong generation)
    {
        await FollowAsync([Child(77, 80)], Child(pid, 80) with { Identity = new ProcessIdentity(pid, generation, 1) });

        Assert.Single(_told);
    }

    [Fact]
    public async Task Follow_MorePortsThanItMayWatch_LooksAfterSixteen()
    {
        await using (RespawnWatch watch = Watch())
        {
            Outcome freed = Freed(Child(77, 80));
            for (int port = 0; port < 20; port++)
                watch.Follow(freed);
            Take(Child(90, 80));
            _time.Advance(TimeSpan.FromMilliseconds(300));
        }

        Assert.Equal(16, _told.Count);
    }

    [Fact]
    public async Task Follow_EarlierWatchesAreOver_TheNextIsLookedAfter()
    {
        await using RespawnWatch watch = Watch();
        Outcome freed = Freed(Child(77, 80));
        for (int port = 0; port < 16; port++)
            watch.Follow(freed);
        Take(Child(90, 80));
        _time.Advance(TimeSpan.FromMilliseconds(300));

        // They end on threads of their own, a moment after they have told.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_time.NextTimerAsync() is { IsCompleted: false })
        {
            watch.Follow(freed);
            await Task.Yield();
            limit.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal((16, TimeSpan.FromMilliseconds(300)), (_told.Count, await _time.NextTimerAsync()));
    }

    [Fact]
    public async Task DisposeAsync_WhileAnOutcomeIsTold_WaitsForIt()
    {
        var told = new TaskCompletionSource();
        var isTelling = new TaskCompletionSource();
        var watch = new RespawnWatch(_machine, _machine, _time, _ =>
        {
            isTelling.SetResult();
            return new ValueTask(told.Task);
        });
        watch.Follow(Freed(Child(77, 80)));
        Take(Child(90, 80));
        await _time.AdvanceToNextTimerAsync();
        await isTelling.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Task disposal = watch.DisposeAsync().AsTask();

        Assert.False(disposal.IsCompleted);
        told.SetResult();
        await disposal.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static ProcessFacts Child(int pid, int? parent) =>
        Some.Process(pid) with { Parents = parent is { } number ? [new(number, "parent")] : [] };

    private async Task FollowAsync(ProcessFacts[] holders, ProcessFacts taker)
    {
        await using RespawnWatch watch = Watch();
        watch.Follow(Freed(holders));
        Take(taker);
        await _time.AdvanceToNextTimerAsync();
    }

    private void Take(ProcessFacts taker)
    {
        _machine.Add(taker);
        _machine.Holders.Add(taker.Identity.Pid);
    }

    private RespawnWatch Watch() => new(_machine, _machine, _time, again =>
    {
        _told.Enqueue(again);
        return ValueTask.CompletedTask;
    });

    private Outcome Freed(params ProcessFacts[] holders)
    {
        Incident incident = Incidents.Confirmed() with { Holders = [.. holders.Select(holder => Incidents.Held(holder))] };
        return new Outcome { Verdict = Verdicts.Of(RuleAction.Kill, incident), Kind = OutcomeKind.Freed, Sentence = "Free.", At = _time.GetUtcNow() };
    }
}
