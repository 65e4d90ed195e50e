using PortiaWatch.Darwin.LogStream;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Darwin.Tests.LogStream;

public sealed class CpuGuardTests
{
    [Fact]
    public async Task Watch_CheapChild_IsLeftAlone()
    {
        ManualTimeProvider time = new();
        TimeSpan burnt = TimeSpan.Zero;
        using CancellationTokenSource ended = new();
        Task<bool> guard = CpuGuard.WatchAsync(() => burnt += CpuGuard.Window * 0.01, () => Assert.Fail("stopped"), time, ended.Token);
        for (int window = 0; window < 20; window++)
            time.Advance(CpuGuard.Window);
        await ended.CancelAsync();
        Assert.False(await guard);
    }
}
