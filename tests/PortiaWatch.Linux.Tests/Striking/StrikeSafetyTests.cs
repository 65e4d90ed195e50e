using System.Diagnostics;
using System.Globalization;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Tests.Support;
using Xunit.Abstractions;

namespace PortiaWatch.Linux.Tests.Striking;

public sealed class StrikeSafetyTests(ITestOutputHelper output)
{
    /// <summary>PORTIA_STRIKES=10000 is the long run.</summary>
    private static readonly string Rounds = Environment.GetEnvironmentVariable("PORTIA_STRIKES") ?? "150";

    [SkippableFact]
    public async Task Strike_PidsRecycledOnPurpose_NeverHitsAStranger()
    {
        Require.Root();
        Require.Tool("unshare");
        Require.Tool("cc");
        string helpers = Path.Join(AppContext.BaseDirectory, "helpers");
        using (Child compiler = Child.Start("cc", "-O1", "-w", "-o", Path.Join(helpers, "recycler"), Path.Join(helpers, "recycler.c")))
            Assert.Equal(0, await compiler.ExitAsync());

        var start = new ProcessStartInfo("unshare", ["--pid", "--fork", "--mount-proc", "--kill-child", "dotnet", typeof(StrikeSafetyTests).Assembly.Location, "strikes", Rounds])
        {
            RedirectStandardOutput = true,
        };
        using Process program = Process.Start(start) ?? throw new InvalidOperationException("unshare did not start");
        string report = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();

        output.WriteLine(report);
        Assert.Equal(0, program.ExitCode);
        int strikes = report.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(line => int.Parse(line.TrimStart().Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.Equal(int.Parse(Rounds, CultureInfo.InvariantCulture), strikes);
        Figures.Add($"strikes at recycled pids: {strikes:N0}, 0 strangers hit");
    }
}
