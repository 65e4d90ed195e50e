using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PortiaWatch.Tests.Storms;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Attacks;

/// <summary>The configuration edited again and again, half of the time into something broken, in the middle of a storm. PORTIA_LONG=1 makes a thousand edits.</summary>
[Collection(AttackSuite.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ReloadTests(AttackTally attacks) : IDisposable
{
    private static readonly int Edits = Environment.GetEnvironmentVariable("PORTIA_LONG") == "1" ? 1000 : 100;
    private const int LastPort = 29_999;
    private const int LinesAnEdit = 5_000;
    private const int RefusalsAnEdit = 10;
    private static readonly int[] Pauses = [0, 5, 30, 260];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rules_UnderAThousandEdits_AreAlwaysOneWholeValidSet()
    {
        attacks.Try();
        var random = new Random(20261122);
        string log = _folder.Write("app.log", "");
        await using Watcher watcher = await Watcher.StartAsync(_folder, Rules(0, log: log));
        await watcher.Portia.WaitForMessageAsync("Source file is running");
        string file = Path.Combine(_folder.Path, "watcher.json");
        var seen = new HashSet<int>();
        var clock = Stopwatch.StartNew();
        Task<List<JsonElement>> reading = ReadToLastAsync(watcher.Portia);
        for (int edit = 1; edit <= Edits; edit++)
        {
            await File.AppendAllTextAsync(log, Storm(edit));
            await EditAsync(file, edit, random);
            await watcher.SendAsync(Hook(20_000 + edit));
            await Task.Delay(Pauses[random.Next(Pauses.Length)]);
            seen.Add(AssertWhole(await watcher.StatusAsync()));
        }

        await File.WriteAllTextAsync(file, Rules((2 * Edits) + 2));
        await watcher.WaitForAsync(status => AssertWhole(status) == (2 * Edits) + 2);

        await watcher.WaitForAsync(status => status.GetProperty("counters").GetProperty("collisions").GetInt32() >= Edits * (RefusalsAnEdit + 1));
        await watcher.SendAsync(Hook(LastPort));
        Assert.True(seen.Count > 3, "No edit was ever in force.");
        List<JsonElement> incidents = await reading;
        TimeSpan took = clock.Elapsed;
        Assert.Equal((Edits * (RefusalsAnEdit + 1)) + 1, incidents.Count);
        Assert.All(incidents, AssertRule);
        Assert.Equal("{}", (await watcher.StatusAsync()).GetProperty("drops").GetRawText());
        int peak = OperatingSystem.IsLinux() ? Memory.AssertBelowCeiling(watcher.Portia.Pid) : 0;
        Figures.Add($"reload: {Edits:N0} edits in {took.TotalSeconds:N0} s of {Edits * LinesAnEdit / took.TotalSeconds:N0} lines/s, {seen.Count} sets seen in force, all {incidents.Count:N0} failures decided by one whole set, peak {peak} MB");
        attacks.Repelled();
    }

    /// <summary>Set number n has n % 7 + 1 rules, all of that number. Only even numbers are ever written as a whole and valid.</summary>
    private static string Rules(int number, string last = """ "action": "log" """, string? log = null) =>
        $"{{ \"sources\": {{ \"kernel\": false, \"systemLog\": false, \"files\": [{(log is null ? "" : $"\"{log}\"")}] }}, \"rules\": [ "
        + string.Join(", ", Enumerable.Range(0, number % 7).Select(rule => $$"""{ "name": "{{number}}/{{rule}}", "ports": ["{{20_000 + (rule * 10)}}-{{20_009 + (rule * 10)}}"], "action": "log" }"""))
        + (number % 7 > 0 ? ", " : "") + $$"""{ "name": "{{number}}/last", {{last}} } ] }""";

    private static string Storm(int edit) => string.Concat(Enumerable.Range(0, LinesAnEdit).Select(line => line % (LinesAnEdit / RefusalsAnEdit) > 0
        ? "2026-11-22T12:00:00.124Z DEBUG [pool] connection 17 returned, 3 idle, 2 in use, 0 waiting\n"
        : $"listen tcp 127.0.0.1:{30_000 + ((edit - 1) * RefusalsAnEdit) + (line / (LinesAnEdit / RefusalsAnEdit))}: bind: address already in use\n"));

    private async Task EditAsync(string file, int edit, Random random)
    {
        string good = Rules(edit * 2 % (2 * Edits));
        string broken = Rules((edit * 2) + 1, """ "action": "destroy" """);
        switch (random.Next(8))
        {
            case 0 or 1:
                File.Move(_folder.Write("next", good), file, overwrite: true);
                break;
            case 2 or 3:
                await File.WriteAllTextAsync(file, good);
                break;
            case 4:
                await File.WriteAllTextAsync(file, good[..random.Next(good.Length - 1)]);
                break;
            case 5:
                File.Move(_folder.Write("next", broken), file, overwrite: true);
                break;
            case 6:
                File.Delete(file);
                break;
            default:
                // Valid in itself, but its rules kill and others may write it.
                string killing = _folder.Write("next", Rules((edit * 2) + 1, """ "action": "kill" """));
                File.SetUnixFileMode(killing, (UnixFileMode)0b110_110_110);
                File.Move(killing, file, overwrite: true);
                break;
        }
    }

    private static int AssertWhole(JsonElement status)
    {
        string[] names = [.. status.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("name").GetString()!).Where(name => name.Contains('/', StringComparison.Ordinal))];
        int number = int.Parse(names[0].Split('/')[0], CultureInfo.InvariantCulture);
        Assert.Equal(0, number % 2);
        Assert.Equal([.. Enumerable.Range(0, number % 7).Select(rule => $"{number}/{rule}"), $"{number}/last"], names);
        return number;
    }

    // Read as they come: a watcher whose output nobody takes waits.
    private static async Task<List<JsonElement>> ReadToLastAsync(Portia portia)
    {
        var incidents = new List<JsonElement>();
        while (await portia.ReadLineAsync() is { } line)
        {
            incidents.Add(JsonDocument.Parse(line).RootElement);
            if (PortOf(incidents[^1]) == LastPort)
                break;
        }

        return incidents;
    }

    private static int PortOf(JsonElement incident) => incident.GetProperty("endpoint").GetProperty("port").GetInt32();

    private static string Hook(int port) => $$$"""{"schema":"portia.request/1","do":"hook","hook":{"address":"127.0.0.1","port":{{{port}}}}}""";

    private static void AssertRule(JsonElement incident)
    {
        string[] rule = incident.GetProperty("verdict").GetProperty("rule").GetString()!.Split('/');
        int number = int.Parse(rule[0], CultureInfo.InvariantCulture);
        int decade = (PortOf(incident) - 20_000) / 10;
        Assert.Equal(0, number % 2);

        // The very rule of that set that the port belongs to: no mixture of two.
        Assert.Equal(decade < number % 7 ? $"{decade}" : "last", rule[1]);
    }
}
