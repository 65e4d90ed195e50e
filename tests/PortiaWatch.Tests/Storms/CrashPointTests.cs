using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Storms;

/// <summary>SIGKILL at any moment between a failure and the end of what is done about it.</summary>
public sealed class CrashPointTests
{
    // Two sessions side by side, as there are two cores nearly everywhere.
    private const int Sessions = 2;

    private static int Points => Figures.Rounds(24, int.TryParse(Environment.GetEnvironmentVariable("PORTIA_CRASHES"), out int wished) ? wished : 1_000);

    // The holder takes half of it to end.
    private static readonly TimeSpan AroundTheStrike = TimeSpan.FromMilliseconds(60);

    [SkippableFact]
    public async Task Watch_KilledAtAnyMoment_StrikesNobodyTwiceLosesNoStrikeAndLeavesNobodyBehind()
    {
        Server.Requires("python3");
        Server.RequiresThat(OperatingSystem.IsLinux(), "orphans are found in /proc");

        int[][] stages = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(session => SessionAsync(session, Points / Sessions)));

        int Sum(int stage) => stages.Sum(session => session[stage]);
        Figures.Add($"crash points: {Sum(0) + Sum(1) + Sum(2):N0} survived ({Sum(0):N0} before the decision, {Sum(1):N0} while acting, {Sum(2):N0} after), 0 strikes repeated, 0 forgotten, 0 orphans");
    }

    /// <summary>How many lives ended before the decision, while acting, and afterwards.</summary>
    private static async Task<int[]> SessionAsync(int session, int points)
    {
        var random = new Random(20261122 + session);
        await using var lives = new DoomedLives();
        TimeSpan whole = await lives.MeasureAsync();
        for (int i = 0; i < points; i++)
        {
            // Most of a life is spent on the way to the decision; every other one ends around the strike itself.
            bool duringTheStrike = i % 2 == 1;
            await lives.LiveAndDieAsync(duringTheStrike ? AroundTheStrike * random.NextDouble() : whole * (random.NextDouble() * 1.1), duringTheStrike);
        }

        await lives.LiveOnAsync();

        Assert.Equal(["ok"], lives.Query("PRAGMA integrity_check"));
        Assert.Empty(lives.Query("SELECT number FROM incident WHERE acting > 0 OR outcome IS NULL"));
        IReadOnlyList<string> remembered = lives.Query("SELECT port FROM incident WHERE action = 'kill'");
        Assert.Equal(remembered.Count, remembered.Distinct().Count());
        Assert.All(lives.Struck, port => Assert.Contains($"{port}", remembered));
        Assert.Equal(lives.Struck.Count, lives.Struck.Distinct().Count());
        Assert.True(lives.AreSuccessorsWell, "a server that came after a strike was struck as well");
        Assert.DoesNotContain("no control socket", lives.Messages, StringComparison.Ordinal);
        Assert.Empty(await lives.OrphansAsync());

        // The measured life was not ended, and finished.
        int unfinished = lives.Query("SELECT port FROM incident WHERE outcome = 'unfinished'").Count;
        int finished = remembered.Count - 1 - unfinished;
        return [points - unfinished - finished, unfinished, finished];
    }
}
