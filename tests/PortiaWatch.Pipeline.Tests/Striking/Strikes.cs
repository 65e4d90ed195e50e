using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

/// <summary>Strikes on a machine of a test, in time that stands still, with stop commands that are only written down.</summary>
internal sealed class Strikes(FakeMachine machine)
{
    private StrikeProtocol? _protocol;

    public ManualTimeProvider Time { get; } = new();

    public Protection? Protection { get; init; }

    public List<(string Command, TimeSpan Limit)> Commands { get; } = [];

    /// <summary>The budget lives in it, so that there is one per test.</summary>
    private StrikeProtocol Protocol => _protocol ??= new StrikeProtocol(machine, machine, machine, Time, Protection, (command, limit, _) =>
    {
        Commands.Add((string.Join(' ', command), limit));
        machine.Holders.ToList().ForEach(machine.End);
        return Task.FromResult<string?>(null);
    });

    public static readonly StrikeSettings Forced = new() { Force = true };

    public static readonly StrikeSettings StopUnits = new() { Supervised = SupervisedHandling.Stop };

    public static StrikeOrder On(params ProcessFacts[] targets) => new()
    {
        Endpoint = Some.Tcp(),
        Targets = [.. targets.Select(target => new Holder { Endpoint = Some.Tcp(), Use = SocketUse.Listening, Process = target })],
        Settings = new StrikeSettings(),
        Protect = new ProtectSettings(),
    };

    public Task<StrikeResult> RunAsync(params ProcessFacts[] targets) => RunAsync(On(targets));

    public Task<StrikeResult> RunAsync(StrikeOrder order, CancellationToken cancellation = default) => Protocol.RunAsync(order, cancellation);

    /// <summary>Runs an order that waits for the kernel, and moves the time whenever it does.</summary>
    public async Task<StrikeResult> RunToTheEndAsync(StrikeOrder order)
    {
        Task<StrikeResult> strike = RunAsync(order);
        while (!strike.IsCompleted)
        {
            Task<TimeSpan> timer = Time.NextTimerAsync();
            if (await Task.WhenAny(strike, timer) == timer)
                Time.Advance(await timer);
        }

        return await strike;
    }
}
