using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Sockets;

/// <summary>What arrangements.py says is true of one arrangement.</summary>
internal sealed record Arrangement(
    int Index, string Transport, string? Address, int? Port, string? Path, bool Blocked, IReadOnlyList<int> Holders, string State, int? Contender, string Words)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public Endpoint Endpoint => new() { Transport = Enum.Parse<Transport>(Transport, ignoreCase: true), Address = Address, Port = Port, Path = Path };

    public static Arrangement Read(string line) => JsonSerializer.Deserialize<Arrangement>(line, Names) ?? throw new FormatException(line);

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
