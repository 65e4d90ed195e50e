using System.Globalization;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Linux.Tests.Striking;

/// <summary>
/// Strikes at holders that are recycled, replaced by exec or let go in between, inside a pid namespace with few pids. Prints how each kind of round ended; the exit code is the
/// number of rounds in which somebody else was hit or the outcome was not an honest one.
/// </summary>
internal static class StrikeSafetyProgram
{
    /// <summary>After the first turn the kernel gives only pids from 300 on.</summary>
    private const int MostPids = 450;

    private const int SigTerm = 15;
    private static readonly string[] Kinds = ["plain", "recycle", "exec", "letgo", "race"];

    public static async Task<int> RunAsync(int rounds)
    {
        // Since kernel 6.14 the limit belongs to the namespace; before, or without the right, the pids come round more slowly.
        await File.WriteAllTextAsync("/proc/sys/kernel/pid_max", MostPids.ToString(CultureInfo.InvariantCulture));
        Platform platform = LinuxPlatform.Create(Path.GetTempPath());
        using Child recycler = Child.Start(Path.Join(AppContext.BaseDirectory, "helpers", "recycler"));
        var endings = new SortedDictionary<string, int>();
        int faults = 0;
        for (int round = 0; round < rounds; round++)
        {
            string kind = Kinds[round % Kinds.Length];
            (kind, OutcomeKind outcome, int holder, int stranger) = await RoundAsync(platform, recycler, kind);
            bool isHonest = kind switch
            {
                "plain" => outcome == OutcomeKind.Freed && holder == SigTerm,
                "recycle" => outcome is OutcomeKind.Refused or OutcomeKind.TakenAgain,
                "exec" => outcome == OutcomeKind.Refused && holder != SigTerm,
                "lost" => outcome == OutcomeKind.Vanished,
                "letgo" => outcome == OutcomeKind.Vanished && holder != SigTerm,
                _ => true,
            };
            faults += isHonest && stranger != SigTerm ? 0 : 1;
            string line = $"{kind} {outcome} holder {holder} stranger {stranger}";
            endings[line] = endings.GetValueOrDefault(line) + 1;
        }

        foreach ((string line, int count) in endings)
            Console.WriteLine($"{count,6} {line}");
        return Math.Min(faults, 100);
    }

    private static async Task<(string Kind, OutcomeKind Outcome, int Holder, int Stranger)> RoundAsync(Platform platform, Child recycler, string kind)
    {
        string[] held = (await AskAsync(recycler, "hold")).Split(' ');
        var endpoint = new Endpoint { Transport = Transport.Tcp, Port = int.Parse(held[1], CultureInfo.InvariantCulture) };
        StrikeOrder order = new()
        {
            Endpoint = endpoint,
            Targets = [.. platform.Sockets.Blocking(endpoint).Owners.Select(owner => new Holder
            {
                Endpoint = owner.Endpoint,
                Use = owner.Use,
                Process = platform.Processes.Describe(owner.Process?.Pid ?? 0),
            })],
            Settings = new StrikeSettings { Grace = TimeSpan.FromMilliseconds(500) },
            Protect = new ProtectSettings(),
        };

        // A fresh protocol each round: the budget is not what is tested here.
        var protocol = new StrikeProtocol(platform.Sockets, platform.Processes, platform.Striker, TimeProvider.System);
        Task<StrikeResult> strike;
        if (kind == "race")
        {
            strike = Task.Run(() => protocol.RunAsync(order, CancellationToken.None));
            await AskAsync(recycler, "recycle");
        }
        else
        {
            if (kind != "plain" && await AskAsync(recycler, kind) == "lost")
                kind = "lost";
            strike = protocol.RunAsync(order, CancellationToken.None);
        }

        OutcomeKind outcome = (await strike).Kind;
        string[] ends = (await AskAsync(recycler, "end")).Split(' ');
        return (kind, outcome, int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[1], CultureInfo.InvariantCulture));
    }

    private static async Task<string> AskAsync(Child recycler, string question)
    {
        await recycler.WriteLineAsync(question);
        return await recycler.ReadLineAsync();
    }
}
