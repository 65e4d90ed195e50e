using System.Runtime.InteropServices;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Darwin.Signals;
using PortiaWatch.Darwin.Tests.Support;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Tests.Signals;

[Collection(World.Collection)]
public sealed class StrikerTests : IDisposable
{
    private const int Eperm = 1;
    private const int Enosys = 78;

    private readonly World _world = new();
    private readonly Striker _striker = new(OperatingSystem.IsMacOS() ? null : TokenSignal.Find(StandInLibrary.Handle));
    private readonly Striker _older = new(OperatingSystem.IsMacOS() ? null : TokenSignal.Find(StandInLibrary.OlderHandle));

    public void Dispose() => _world.Dispose();

    [StandInFact]
    public async Task Signal_Terminate_GoesByTokenAndTheExitIsSeen()
    {
        ProcessIdentity process = Start(42);
        using SafeHandle handle = _striker.Open(process)!;

        Assert.Equal(SignalResult.Delivered, _striker.Signal(handle, process, StopSignal.Terminate));
        Assert.True(await _striker.WaitForExitAsync(handle, TimeSpan.FromSeconds(10), CancellationToken.None));
        Assert.Equal([(42, 15, true)], _world.Signals);
        Assert.Equal(SignalResult.Gone, _striker.Signal(handle, process, StopSignal.Kill));
    }

    [StandInFact]
    public async Task Signal_TermIgnored_KillEndsIt()
    {
        ProcessIdentity process = Start(42);
        _world.IgnoreTerm(42);
        using SafeHandle handle = _striker.Open(process)!;

        Assert.Equal(SignalResult.Delivered, _striker.Signal(handle, process, StopSignal.Terminate));
        Assert.False(await _striker.WaitForExitAsync(handle, TimeSpan.FromMilliseconds(20), CancellationToken.None));
        Assert.Equal(SignalResult.Delivered, _striker.Signal(handle, process, StopSignal.Kill));
        Assert.True(await _striker.WaitForExitAsync(handle, TimeSpan.FromSeconds(10), CancellationToken.None));
        Assert.Equal([(42, 15, true), (42, 9, true)], _world.Signals);
    }

    [StandInFact]
    public void Signal_SystemWithoutToken_ComparesAndKills()
    {
        Assert.Null(TokenSignal.Find(StandInLibrary.OlderHandle));
        ProcessIdentity process = Start(42);
        using SafeHandle handle = _older.Open(process)!;

        Assert.Equal(SignalResult.Delivered, _older.Signal(handle, process, StopSignal.Terminate));
        Assert.Equal([(42, 15, false)], _world.Signals);
    }

    [StandInFact]
    public void Signal_KernelOlderThanItsLibrary_FallsBackToKill()
    {
        ProcessIdentity process = Start(42);
        _world.Fail(TokenSignal.Symbol, Enosys);
        using SafeHandle handle = _striker.Open(process)!;

        Assert.Equal(SignalResult.Delivered, _striker.Signal(handle, process, StopSignal.Terminate));
        Assert.Equal([(42, 15, false)], _world.Signals);
    }

    [StandInTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Signal_ExecBeforeTheSignal_SendsNothing(bool hasToken)
    {
        Striker striker = hasToken ? _striker : _older;
        ProcessIdentity process = Start(42);
        using SafeHandle handle = striker.Open(process)!;
        _world.Exec(42);

        Assert.Equal(SignalResult.IdentityChanged, striker.Signal(handle, process, StopSignal.Terminate));
        Assert.Empty(_world.Signals);
    }

    [StandInFact]
    public void Signal_ExecBetweenComparisonAndTokenCall_IsCaughtByTheKernel()
    {
        ProcessIdentity process = Start(42);
        using SafeHandle handle = _striker.Open(process)!;
        _world.OnCall = (call, _, _) =>
        {
            if (call == TokenSignal.Symbol)
                _world.Exec(42);
        };

        Assert.Equal(SignalResult.IdentityChanged, _striker.Signal(handle, process, StopSignal.Terminate));
        Assert.Empty(_world.Signals);
    }

    [StandInFact]
    public void Signal_PidRecycledBetweenComparisonAndTokenCall_HitsNobody()
    {
        ProcessIdentity process = Start(42);
        using SafeHandle handle = _striker.Open(process)!;
        _world.OnCall = (call, _, _) =>
        {
            if (call != TokenSignal.Symbol)
                return;
            _world.End(42);
            _world.Process(42, "innocent");
        };

        Assert.Equal(SignalResult.IdentityChanged, _striker.Signal(handle, process, StopSignal.Kill));
        Assert.Empty(_world.Signals);
        Assert.NotNull(IdentityReader.Read(42));
    }

    [StandInFact]
    public void Signal_EndedBetweenComparisonAndTokenCall_IsGone()
    {
        ProcessIdentity process = Start(42);
        using SafeHandle handle = _striker.Open(process)!;
        _world.OnCall = (call, _, _) =>
        {
            if (call == TokenSignal.Symbol)
                _world.End(42);
        };

        Assert.Equal(SignalResult.Gone, _striker.Signal(handle, process, StopSignal.Terminate));
        Assert.Empty(_world.Signals);
    }

    [StandInFact]
    public void Signal_Refused_IsNotPermittedAndNotTriedOtherwise()
    {
        ProcessIdentity process = Start(42);
        _world.Fail(TokenSignal.Symbol, Eperm);
        using SafeHandle handle = _striker.Open(process)!;

        Assert.Equal(SignalResult.NotPermitted, _striker.Signal(handle, process, StopSignal.Terminate));
        Assert.Equal((0, 0), (_world.Calls("kill"), _world.Signals.Count));
    }

    [StandInFact]
    public void Signal_AnotherUsersProcess_IsNotPermitted()
    {
        _world.Process(42, uid: 0);
        ProcessIdentity process = IdentityReader.Read(42)!;
        using SafeHandle handle = _striker.Open(process)!;

        Assert.Equal(SignalResult.NotPermitted, _striker.Signal(handle, process, StopSignal.Terminate));
        Assert.Contains("real or saved user is you; node (pid 42) runs as root", SignalRights.Explain(42));
    }

    [StandInFact]
    public void Signal_SetuidProgramOfOurs_IsPermitted()
    {
        _world.Process(42, uid: 0, real: World.User, saved: 0);
        ProcessIdentity process = IdentityReader.Read(42)!;
        using SafeHandle handle = _striker.Open(process)!;

        Assert.Equal(SignalResult.Delivered, _striker.Signal(handle, process, StopSignal.Terminate));
    }

    [StandInFact]
    public void Explain_OwnProcessRefused_NamesThePolicy()
    {
        Start(42);
        Assert.Contains("security policy", SignalRights.Explain(42));
        Assert.Contains("launchd", SignalRights.Explain(1));
        Assert.Contains("has ended", SignalRights.Explain(4242));
    }

    [StandInFact]
    public void Signal_LaunchdOrOurselves_IsNeverTried()
    {
        _world.Process(1, "launchd", parent: 0, uid: World.User);
        Assert.Null(_striker.Open(IdentityReader.Read(1)!));
        ProcessIdentity other = Start(42);
        using SafeHandle handle = _striker.Open(other)!;

        Assert.Equal(SignalResult.NotPermitted, _striker.Signal(handle, IdentityReader.Read(1)!, StopSignal.Terminate));
        Assert.Equal(SignalResult.NotPermitted, _striker.Signal(handle, new ProcessIdentity(Environment.ProcessId, 1, 1), StopSignal.Terminate));
        Assert.Empty(_world.Signals);
    }

    [StandInFact]
    public void Open_GoneZombieOrOtherIdentity_IsNull()
    {
        ProcessIdentity process = Start(42);
        Assert.Null(_striker.Open(process with { Generation = 7 }));
        Assert.Null(_striker.Open(process with { Image = 7 }));
        _world.MakeZombie(42);
        Assert.Null(_striker.Open(process));
        _world.End(42);
        Assert.Null(_striker.Open(process));
    }

    [StandInFact]
    public void Open_ExecAfterTheNoteIsSet_IsNull()
    {
        ProcessIdentity process = Start(42);
        _world.OnCall = (call, _, filter) =>
        {
            if (call == "kevent64" && filter == -10)
                _world.Exec(42);
        };

        Assert.Null(_striker.Open(process));
    }

    [StandInFact]
    public async Task WaitForExit_Cancelled_ThrowsAndTheNextWaitStillWorks()
    {
        ProcessIdentity process = Start(42);
        using SafeHandle handle = _striker.Open(process)!;
        using CancellationTokenSource source = new();
        Task<bool> waiting = _striker.WaitForExitAsync(handle, TimeSpan.FromMinutes(5), source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        // A wake-up that nobody read must not end the next wait.
        Task<bool> again = _striker.WaitForExitAsync(handle, TimeSpan.FromSeconds(20), CancellationToken.None);
        _world.End(42);
        Assert.True(await again);
    }

    private ProcessIdentity Start(int pid)
    {
        _world.Process(pid);
        return IdentityReader.Read(pid)!;
    }
}
