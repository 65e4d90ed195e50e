using System.Globalization;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Linux.Sockets;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Sockets;

public sealed class TruthTests
{
    private const int Arrangements = 500;
    private const int ArrangementsWithoutNetlink = 120;

    /// <summary>Fixed, so that a failure can be repeated; another one can be given to look further.</summary>
    private static readonly string Seed = Environment.GetEnvironmentVariable("PORTIA_TRUTH_SEED") ?? "5";

    [SkippableFact]
    public async Task Blocking_RandomArrangements_AgreesWithTheKernelInAllOfThem()
    {
        using var table = new SocketTable(new ProcessTable(TimeProvider.System), TimeProvider.System);

        await CompareAsync(table, Arrangements, (truth, occupancy) => truth.DifferenceFrom(occupancy));
    }

    [SkippableFact]
    public async Task Blocking_NetlinkRefused_StillTellsBlockedFromFreeAndNeverNamesAStranger()
    {
        using var table = new SocketTable(new ProcessTable(TimeProvider.System), TimeProvider.System, DiagSession.WithoutNetlink());

        // What is bound without listening does not show there: then it is called reserved, or those who are seen beside it are named. And of two sockets on :: that share a
        // port, nothing tells which one takes IPv4.
        await CompareAsync(table, ArrangementsWithoutNetlink, (truth, occupancy) =>
            truth.Mixes(":: dual", ":: v6only") ? truth.Blocked == (occupancy.State != PortState.Free) ? null : truth.DifferenceFrom(occupancy)
            : truth.Mixes("bound") ? truth.ContradictionOf(occupancy)
            : truth.DifferenceFrom(occupancy));
    }

    private static async Task CompareAsync(SocketTable table, int count, Func<Arrangement, Occupancy, string?> compare)
    {
        string helper = Path.Join(AppContext.BaseDirectory, "helpers", "arrangements.py");
        using Child builder = Child.Start("python3", helper, Seed, count.ToString(CultureInfo.InvariantCulture));
        var differences = new List<string>();
        int blocked = 0;
        for (int i = 0; i < count; i++)
        {
            Arrangement truth = Arrangement.Read(await builder.ReadLineAsync());
            blocked += truth.Blocked ? 1 : 0;
            string? difference = compare(truth, table.Blocking(truth.Endpoint, truth.Contender));
            if (difference is not null && truth.State == "timeWait")
            {
                // It may have ended early, between the two looks.
                await builder.WriteLineAsync("again");
                truth = Arrangement.Read(await builder.ReadLineAsync());
                difference = compare(truth, table.Blocking(truth.Endpoint, truth.Contender));
            }

            if (difference is not null)
                differences.Add(difference);
            await builder.WriteLineAsync("next");
        }

        Assert.Equal(0, await builder.ExitAsync());
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));

        // The builder must have built something: about half of the arrangements block.
        Assert.InRange(blocked, count / 5, count * 4 / 5);
    }
}
