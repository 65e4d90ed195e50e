using System.Diagnostics;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Web;

/// <summary>The page in a real browser, from a real collision to a freed port.</summary>
public sealed class BrowserTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    // As much of it as the kernel keeps is the name; all of it is in the command line.
    private const string Hostile = "<img src=x onerror=alert(1)>";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Portia.DataHome = null;
        _folder.Dispose();
    }

    [SkippableFact]
    public async Task Page_RealCollision_AppearsRunsNoForeignScriptAndIsStruckByClick()
    {
        Portia.DataHome = _folder.Path;
        await using Collision collision = await Collision.PrepareAsync(_folder, Hostile);
        await collision.WatchAsync();
        var address = new List<string>();
        await using Portia ui = await OpenPage.StartAsync(_folder.Path, address);

        // Where pictures are wanted (docs/ui.md), they are left there.
        using Process browser = chromium.Drive(address[0], Environment.GetEnvironmentVariable("PORTIA_PICTURES") ?? "");
        JsonElement ready = await StepAsync(browser, "ready");
        Assert.Equal(0, ready.GetProperty("rows").GetInt32());

        await collision.HappenAsync();
        await browser.StandardInput.WriteLineAsync();
        JsonElement appeared = await StepAsync(browser, "appeared");
        Assert.Contains($"{collision.Port}", appeared.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("<img src=x", appeared.GetProperty("text").GetString(), StringComparison.Ordinal);
        JsonElement seen = await StepAsync(browser, "seen");
        Assert.Contains("EADDRINUSE", seen.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.Contains("matches: ", seen.GetProperty("story").GetString(), StringComparison.Ordinal);
        Assert.Contains($"pid {collision.Server.Pid}", seen.GetProperty("story").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("[object", seen.GetProperty("story").GetString(), StringComparison.Ordinal);
        Assert.False(collision.Server.HasExited);

        JsonElement left = await StepAsync(browser, "left");
        Assert.EndsWith($"(pid {collision.Server.Pid}) alone.", left.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.Equal(("left", 0), (left.GetProperty("ending").GetString(), left.GetProperty("leaves").GetInt32()));
        await browser.StandardInput.WriteLineAsync();
        JsonElement struck = await StepAsync(browser, "struck");
        await browser.WaitForExitAsync().WaitAsync(Patience);
        await collision.Server.WaitForExitAsync();

        Assert.Contains($"pid {collision.Server.Pid}", struck.GetProperty("asked").GetString(), StringComparison.Ordinal);
        Assert.Contains(Hostile, struck.GetProperty("asked").GetString(), StringComparison.Ordinal);
        Assert.Contains("free", struck.GetProperty("toast").GetString(), StringComparison.Ordinal);
        Assert.Empty(struck.GetProperty("faults").EnumerateArray());
        Assert.Equal(0, struck.GetProperty("elements").GetInt32());
        Assert.Equal(new Uri(address[0]).Authority, Assert.Single(struck.GetProperty("hosts").EnumerateArray()).GetString());
    }

    private static async Task<JsonElement> StepAsync(Process browser, string step)
    {
        string? line = await browser.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        JsonElement told = JsonDocument.Parse(line ?? "{}").RootElement;
        Assert.True(told.TryGetProperty("step", out JsonElement name) && name.GetString() == step, line);
        return told;
    }
}
