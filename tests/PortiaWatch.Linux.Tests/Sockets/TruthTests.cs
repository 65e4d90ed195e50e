using System.Globalization;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Linux.Tests.Sockets;

public sealed class TruthTests
{
    private const int Arrangements = 500;

    /// <summary>Fixed, so that a failure can be repeated; another one can be given to look further.</summary>
    private static readonly string Seed = Environment.GetEnvironmentVariable("PORTIA_TRUTH_SEED") ?? "5";

    [SkippableFact]
    public async Task Blocking_RandomArrangements_AgreesWithTheKernelInAllOfThem()
    {
        ISocketTable table = LinuxPlatform.Create(Path.GetTempPath()).Sockets;
        string helper = Path.Join(AppContext.BaseDirectory, "helpers", "arrangements.py");
        using Child builder = Child.Start("python3", helper, Seed, Arrangements.ToString(CultureInfo.InvariantCulture));
        var differences = new List<string>();
        int blocked = 0;
        for (int i = 0; i < Arrangements; i++)
        {
            Arrangement truth = Arrangement.Read(await builder.ReadLineAsync());
            blocked += truth.Blocked ? 1 : 0;
            if (truth.DifferenceFrom(table.Blocking(truth.Endpoint, truth.Contender)) is { } difference)
                differences.Add(difference);
            await builder.WriteLineAsync("next");
        }

        Assert.Equal(0, await builder.ExitAsync());
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));

        // The builder must have built something: about half of the arrangements block.
        Assert.InRange(blocked, Arrangements / 4, Arrangements * 3 / 4);
    }
}
