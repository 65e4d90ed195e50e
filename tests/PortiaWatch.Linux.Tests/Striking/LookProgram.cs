using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Linux.Tests.Striking;

/// <summary>Looks at an endpoint and strikes at it, as the user that it is run as; one line of what it saw, one of how the strike ended.</summary>
internal static class LookProgram
{
    public static async Task<int> RunAsync(string target)
    {
        Platform platform = LinuxPlatform.Create(Path.GetTempPath());
        if (!Endpoint.TryParse(target, out Endpoint? endpoint))
            return 2;
        Occupancy occupancy = platform.Sockets.Blocking(endpoint);
        Console.WriteLine($"{occupancy.State}|{string.Join(',', occupancy.Owners.Select(owner => $"{owner.Process?.Pid} of {owner.Uid}"))}|{occupancy.Limit}");
        Console.WriteLine(platform.Capabilities.Limits.GetValueOrDefault(Capability.InspectOthers));
        var protocol = new StrikeProtocol(platform.Sockets, platform.Processes, platform.Striker, TimeProvider.System);
        StrikeResult result = await protocol.RunAsync(
            new StrikeOrder
            {
                Endpoint = endpoint,
                Targets = [.. occupancy.Owners.Select(o => new Holder { Endpoint = o.Endpoint, Use = o.Use, Process = o.Process is { } p ? platform.Processes.Describe(p.Pid) : null })],
                Settings = new StrikeSettings { Force = true },
                Protect = new ProtectSettings(),
                IsByHand = true,
            },
            CancellationToken.None);
        Console.WriteLine($"{result.Kind}|{result.Sentence}|{result.NextStep}");
        return 0;
    }
}
