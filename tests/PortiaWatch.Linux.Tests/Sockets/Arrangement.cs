using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Sockets;

/// <summary>What arrangements.py says is true of one arrangement.</summary>
internal sealed record Arrangement(
    int Index, string Transport, string? Address, int? Port, string? Path, bool Blocked, IReadOnlyList<int> Holders, string State, int? Contender, string Words)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public Endpoint Endpoint => new() { Transport = Enum.Parse<Transport>(Transport, ignoreCase: true), Address = Address, Port = Port, Path = Path };

    /// <summary>True when the arrangement has all of these in it.</summary>
    public bool Mixes(params string[] words) => words.All(word => Words.Contains(word, StringComparison.Ordinal));

    public static Arrangement Read(string line) => JsonSerializer.Deserialize<Arrangement>(line, Names) ?? throw new FormatException(line);

    /// <summary>Null when the answer is right as far as it goes: free or not, and nobody named who does not hold it. (An open connection does block, beside a holder that is not seen.)</summary>
    public string? ContradictionOf(Occupancy occupancy)
    {
        int[] strangers = [.. occupancy.Owners.Where(owner => owner.Use != SocketUse.Connected).Select(owner => owner.Process?.Pid ?? 0).Where(pid => pid != 0 && !Holders.Contains(pid))];
        return strangers.Length == 0 && Blocked == (occupancy.State != PortState.Free) ? null : DifferenceFrom(occupancy);
    }

    /// <summary>Null when the answer agrees with the truth; else the difference.</summary>
    public string? DifferenceFrom(Occupancy occupancy)
    {
        int[] pids = [.. occupancy.Owners.Select(owner => owner.Process?.Pid ?? 0).Where(pid => pid != 0).Distinct().Order()];
        bool blocked = occupancy.State != PortState.Free;
        string state = char.ToLowerInvariant(occupancy.State.ToString()[0]) + occupancy.State.ToString()[1..];
        bool agrees = blocked == Blocked && state == State && pids.SequenceEqual(Holders);
        return agrees ? null : $"#{Index} {Endpoint} [{Words}]: blocked {Blocked}, {State}, held by {string.Join(',', Holders)}; Portia says {state}, {string.Join(',', pids)}";
    }
}
