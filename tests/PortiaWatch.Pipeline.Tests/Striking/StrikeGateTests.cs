using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

/// <summary>Reasons to stop before anything is done: protections, supervisors, the budget, and which of them is named.</summary>
public sealed class StrikeGateTests
{
    private static readonly Supervisor Unit = new("systemd", "api.service", ["systemctl", "--user", "stop", "api.service"]);

    private readonly FakeMachine _machine = new();

    [Fact]
    public async Task Run_ListedProgram_IsLeftAlone()
    {
        var strikes = new Strikes(_machine) { Protection = new Protection(_machine, (_, _) => "It is AirPlay; turn it off in the settings.") };

        StrikeResult result = await strikes.RunAsync(_machine.Hold());

        Assert.Equal(OutcomeKind.Refused, result.Kind);
        Assert.EndsWith("It is AirPlay; turn it off in the settings.", result.Sentence, StringComparison.Ordinal);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_EndpointSaysThatItIsAProxy_IsNotSignalled()
    {
        _machine.Published = facts => facts with { Supervisor = new("docker", "web", ["docker", "stop", "web"]) { IsProxy = true } };

        StrikeResult result = await new Strikes(_machine).RunAsync(_machine.Hold(77, "node"));

        Assert.Equal((OutcomeKind.Refused, "docker stop web"), (result.Kind, result.NextStep));
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_ProtectedAndSupervised_DoesNotAdviseToStopWhatIsProtected()
    {
        ProcessFacts holder = _machine.Hold(77, "postgres", facts => facts with { Supervisor = Unit });

        StrikeOrder order = Strikes.On(holder) with { Protect = new ProtectSettings { Process = ["postgres"] } };
        StrikeResult result = await new Strikes(_machine).RunAsync(order);

        Assert.Equal((OutcomeKind.Refused, "Choose another port, or stop it yourself if you are sure."), (result.Kind, result.NextStep));
    }

    [Fact]
    public async Task Run_SupervisedAndBudgetUsedUp_StillNamesTheStopCommand()
    {
        var strikes = new Strikes(_machine);
        await UseUpTheBudgetAsync(strikes);

        StrikeResult result = await strikes.RunAsync(_machine.Hold(change: facts => facts with { Supervisor = Unit }));

        Assert.Equal("systemctl --user stop api.service", result.NextStep);
    }

    [Fact]
    public async Task Run_BudgetUsedUp_PinsNobody()
    {
        var strikes = new Strikes(_machine);
        await UseUpTheBudgetAsync(strikes);
        _machine.BeforeOpen = () => Assert.Fail("pinned although the budget is used up");

        StrikeResult result = await strikes.RunAsync(_machine.Hold());

        Assert.Equal((OutcomeKind.Refused, "Stop what starts it again."), (result.Kind, result.NextStep));
    }

    [Fact]
    public async Task Run_OtherUnixSocketsAndTransports_HaveBudgetsOfTheirOwn()
    {
        var strikes = new Strikes(_machine);
        await UseUpTheBudgetAsync(strikes);
        foreach (Endpoint other in (Endpoint[])[new() { Transport = Transport.Udp, Port = 3000 }, Unix(0), Unix(1), Unix(2), Unix(3), Unix(4)])
            Assert.Equal(OutcomeKind.Freed, (await strikes.RunAsync(Strikes.On(_machine.Hold()) with { Endpoint = other })).Kind);

        Assert.Equal(OutcomeKind.Refused, (await strikes.RunAsync(Strikes.On(_machine.Hold()) with { Endpoint = new() { Port = 3000 } })).Kind);
    }

    [Fact]
    public async Task Run_StopCommand_MayTakeLongerThanTheGraceTimeAndSaysWhatFreedThePort()
    {
        var strikes = new Strikes(_machine);
        ProcessFacts holder = _machine.Hold(change: facts => facts with { Supervisor = Unit });

        StrikeResult result = await strikes.RunAsync(Strikes.On(holder) with { Settings = Strikes.StopUnits });

        Assert.Equal(TimeSpan.FromSeconds(7), Assert.Single(strikes.Commands).Limit);
        Assert.EndsWith("after systemctl --user stop api.service.", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DryRunOfAUnit_NamesTheCommandAndRunsNothing()
    {
        var strikes = new Strikes(_machine);
        ProcessFacts holder = _machine.Hold(change: facts => facts with { Supervisor = Unit });

        StrikeResult result = await strikes.RunAsync(Strikes.On(holder) with { Settings = Strikes.StopUnits, IsDryRun = true });

        Assert.Equal("Would run systemctl --user stop api.service to free port 3000.", result.Sentence);
        Assert.Empty(strikes.Commands);
    }

    [Fact]
    public async Task Run_WatcherWithoutAStopCommand_IsToBeEndedByHand()
    {
        ProcessFacts holder = _machine.Hold(change: facts => facts with { Supervisor = new Supervisor("nodemon", "nodemon", []) });

        StrikeResult result = await new Strikes(_machine).RunAsync(Strikes.On(holder) with { Settings = Strikes.StopUnits });

        Assert.Equal("node (pid 77) would be started again by nodemon, so it was not signalled.", result.Sentence);
        Assert.Equal("End nodemon itself, for example with Ctrl-C in its terminal.", result.NextStep);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_AdvisedCommandWithStrangeWords_CannotBreakOutWhenItIsPasted()
    {
        ProcessFacts holder = _machine.Hold(change: facts => facts with { Supervisor = new("pm2", "x", ["pm2", "stop", "a'b; rm -rf ~ $(x)", ""]) });

        Assert.Equal("""pm2 stop 'a'\''b; rm -rf ~ $(x)' ''""", (await new Strikes(_machine).RunAsync(holder)).NextStep);
    }

    [Theory]
    [InlineData(PortState.Unknown, "It may not be read.", "It cannot be told who holds port 3000, so nothing was signalled. It may not be read.")]
    [InlineData(PortState.Unknown, null, "It cannot be told who holds port 3000, so nothing was signalled.")]
    [InlineData(PortState.Reserved, "A service keeps it.", "No process holds port 3000, and still it cannot be bound. A service keeps it.")]
    [InlineData(PortState.TimeWait, null, "Nobody holds it any more; closed connections keep port 3000 in TIME_WAIT for up to a minute.")]
    public async Task Run_NobodyToSignal_SaysWhatTheTableSays(PortState state, string? limit, string sentence)
    {
        ProcessFacts holder = _machine.Hold();
        _machine.Fixed = new Occupancy { State = state, Limit = limit };

        Assert.Equal(sentence, (await new Strikes(_machine).RunAsync(holder)).Sentence);
    }

    [Theory]
    [InlineData("/run/x.sock", "If nobody needs the file any more, remove it: rm /run/x.sock")]
    [InlineData("@x", "Choose another port, or see portia doctor.")]
    public async Task Run_UnixSocketWithoutAProcess_MayOnlyBeRemovedWhereThereIsAFile(string path, string next)
    {
        ProcessFacts holder = _machine.Hold();
        _machine.Fixed = new Occupancy { State = PortState.Reserved };

        StrikeOrder order = Strikes.On(holder) with { Endpoint = new() { Transport = Transport.Unix, Path = path } };

        Assert.Equal(next, (await new Strikes(_machine).RunAsync(order)).NextStep);
    }

    [Theory]
    [InlineData(Some.Uid, "It may live in another pid namespace (a container); stop it there.")]
    [InlineData(0u, "sudo portia free 3000")]
    public async Task Run_UnseenOwner_IsSoughtWhereItMayBe(uint uid, string next)
    {
        var unseen = new SocketOwner { Endpoint = Some.Tcp(), Use = SocketUse.Listening, Socket = 4, Uid = uid };
        _machine.Fixed = new Occupancy { State = PortState.Held, Owners = [unseen] };

        Assert.Equal(next, (await new Strikes(_machine).RunAsync()).NextStep);
    }

    [Fact]
    public async Task Run_AnotherUsersHolder_IsNamedWithItsUser()
    {
        StrikeResult result = await new Strikes(_machine).RunAsync(_machine.Hold(change: facts => facts with { Uid = 1001, User = "ann" }));

        Assert.Equal("node (pid 77) belongs to user ann; the kernel lets only that user or root stop it.", result.Sentence);
        Assert.Equal((OutcomeKind.NotPermitted, "sudo portia free 3000"), (result.Kind, result.NextStep));
    }

    private static Endpoint Unix(int number) => new() { Transport = Transport.Unix, Path = $"/run/{number}.sock" };

    private async Task UseUpTheBudgetAsync(Strikes strikes)
    {
        for (int strike = 0; strike < new StrikeSettings().BudgetStrikes; strike++)
            Assert.Equal(OutcomeKind.Freed, (await strikes.RunAsync(_machine.Hold())).Kind);
    }
}
