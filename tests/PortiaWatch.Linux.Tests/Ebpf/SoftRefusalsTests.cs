using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Ebpf;

public sealed class SoftRefusalsTests
{
    private const int Process = 4121;
    private const ulong Start = 80_000_000_000;

    private readonly SoftRefusals _soft = new();

    [Fact]
    public void Soft_ServesOnAnotherPortInTime_IsToldOnce()
    {
        _soft.Refused(Process, Start, Record(3000));

        Assert.Equal(SightingKind.Soft, After(milliseconds: 1999, 3001)?.ReportedKind);
        Assert.Null(After(milliseconds: 2000, 3002));
    }

    [Fact]
    public void Soft_ServesTooLate_IsNot()
    {
        _soft.Refused(Process, Start, Record(3000));

        Assert.Null(After(milliseconds: 2001, 3001));
    }

    [Fact]
    public void Soft_ServesOnTheSamePortFirst_WaitsForAnother()
    {
        _soft.Refused(Process, Start, Record(3000));

        Assert.Null(After(milliseconds: 10, 3000));
        Assert.NotNull(After(milliseconds: 20, 3001));
    }

    [Fact]
    public void Soft_AnotherProcessServes_IsNot()
    {
        _soft.Refused(5, Start, Record(3000));

        Assert.Null(After(milliseconds: 10, 3001));
    }

    [Fact]
    public void Soft_ThousandsRefused_StaysBounded()
    {
        for (int pid = 10; pid < 5000; pid++)
            _soft.Refused(pid, Start, Record(3000));
        _soft.Refused(Process, Start, Record(3000));

        Assert.NotNull(After(milliseconds: 10, 3001));
    }

    [Fact]
    public void Soft_SeveralPortsPassed_AreAllTold()
    {
        _soft.Refused(Process, Start, Record(3000));
        _soft.Refused(Process, Start, Record(3001));
        _soft.Refused(Process, Start + 1, Record(3001));
        _soft.Refused(Process, Start, Record(3003));

        Assert.Equal([3000, 3001], Told(milliseconds: 10, 3003).Select(soft => soft.Reported?.Port));
        Assert.Equal([3003], Told(milliseconds: 20, 3004).Select(soft => soft.Reported?.Port));
    }

    [Fact]
    public void Soft_OneProcessRefusedEverywhere_StaysBounded()
    {
        for (int port = 1; port <= 5000; port++)
            _soft.Refused(Process, Start, Record(port));

        Assert.Equal(Enumerable.Range(4937, 64), Told(milliseconds: 10, 6000).Select(soft => soft.Reported?.Port ?? 0));
    }

    private LogRecord? After(int milliseconds, int port) => Told(milliseconds, port).SingleOrDefault();

    private IReadOnlyList<LogRecord> Told(int milliseconds, int port) =>
        _soft.MovedOn(Process, Start + ((ulong)milliseconds * 1_000_000), new Endpoint { Transport = Transport.Tcp, Port = port });

    private static LogRecord Record(int port) => new()
    {
        Text = default,
        Source = "kernel",
        Trust = Trust.Kernel,
        Time = DateTimeOffset.UnixEpoch,
        ReadAt = DateTimeOffset.UnixEpoch,
        Reported = new Endpoint { Transport = Transport.Tcp, Address = "127.0.0.1", Port = port },
    };
}
