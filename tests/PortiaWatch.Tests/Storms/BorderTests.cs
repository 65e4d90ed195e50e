using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Storms;

/// <summary>SIGKILL exactly between two steps of the flow: what was struck, and what the history knows of it, is one and the same each time.</summary>
public sealed class BorderTests
{
    private static readonly Dictionary<string, (bool IsStruck, string? Outcome)> Expected = new()
    {
        [Border.Seen] = (false, null),
        [Border.Opened] = (false, null),
        [Border.Deciding] = (false, null),
        [Border.Begun] = (false, "unfinished"),
        [Border.Pinned] = (false, "unfinished"),
        [Border.Signalling] = (false, "unfinished"),
        [Border.Signalled] = (true, "unfinished"),
        [Border.Exited] = (true, "unfinished"),
        [Border.Verified] = (true, "unfinished"),
        [Border.Completed] = (true, "freed"),
        [Border.Closed] = (true, "freed"),
    };

    [SkippableFact]
    public async Task Watch_KilledAtEachBorderOfTheFlow_RemembersExactlyWhatItBegan()
    {
        Server.Requires("python3");
        Server.RequiresThat(OperatingSystem.IsLinux(), "orphans are found in /proc");
        int rounds = Figures.Rounds(1, 20);
        await using var lives = new DoomedLives();
        var died = new List<(int Port, string Border)>();
        for (int round = 0; round < rounds; round++)
        {
            foreach (string border in Expected.Keys)
                died.Add((await lives.LiveUpToAsync(border), border));
        }

        await lives.LiveOnAsync();

        Assert.Equal(["ok"], lives.Query("PRAGMA integrity_check"));
        foreach ((int port, string border) in died)
        {
            (bool isStruck, string? outcome) = Expected[border];
            Assert.True(isStruck == lives.Struck.Contains(port), $"{border}: {(isStruck ? "not " : "")}struck");
            string[] known = [.. lives.Query($"SELECT coalesce(outcome, '?') FROM incident WHERE action = 'kill' AND port = {port}")];
            Assert.True(known.SequenceEqual(outcome is null ? [] : [outcome]), $"{border}: {string.Join(", ", known)}");
        }

        Assert.Equal(lives.Struck.Count, lives.Struck.Distinct().Count());
        Assert.True(lives.AreSuccessorsWell, "a server that came after a strike was struck as well");
        Assert.Empty(await lives.OrphansAsync());
        Figures.Add($"crash borders: {died.Count:N0} survived ({Expected.Count} borders of the flow, {rounds} times each), each remembered exactly");
    }
}
