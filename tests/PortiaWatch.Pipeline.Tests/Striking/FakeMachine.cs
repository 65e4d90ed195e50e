using System.Runtime.InteropServices;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

/// <summary>A machine of a few processes and one endpoint, which answers the three questions of a strike and keeps a list of every signal.</summary>
internal sealed class FakeMachine : ISocketTable, IProcessTable, IStriker
{
    public const int OwnPid = 500;

    private readonly List<ProcessFacts> _processes = [];

    public FakeMachine() => Add(Some.Process(OwnPid, "portia") with { Parents = [new(400, "bash"), new(1, "systemd")] });

    public ProcessIdentity Self => Some.Process(OwnPid).Identity;

    public uint CurrentUser { get; set; } = Some.Uid;

    /// <summary>What the socket table answers; null means held by <see cref="Holders"/>.</summary>
    public Occupancy? Fixed { get; set; }

    /// <summary>Pids with a descriptor on the socket, in order.</summary>
    public List<int> Holders { get; } = [];

    public SocketUse Use { get; set; } = SocketUse.Listening;

    public bool? Bindable { get; set; } = true;

    /// <summary>Everything that was sent.</summary>
    public List<(int Pid, StopSignal Signal)> Signals { get; } = [];

    /// <summary>What a process does when it gets a signal; by default it ends.</summary>
    public Action<int, StopSignal>? OnSignal { get; set; }

    /// <summary>Runs right before every pinning.</summary>
    public Action? BeforeOpen { get; set; }

    /// <summary>Runs before every wait for an end.</summary>
    public Action? BeforeWait { get; set; }

    /// <summary>Runs right before the last look at the identity.</summary>
    public Action? BeforeSignal { get; set; }

    /// <summary>Runs right before every look at the socket table.</summary>
    public Action? BeforeLook { get; set; }

    /// <summary>What the system says to a signal instead of delivering it.</summary>
    public Func<int, SignalResult?> Refusal { get; set; } = _ => null;

    /// <summary>What the endpoint tells of a process that holds it.</summary>
    public Func<ProcessFacts, ProcessFacts?> Published { get; set; } = _ => null;

    /// <summary>Who was waited for, and how long at most.</summary>
    public List<(int Pid, TimeSpan Limit)> Waits { get; } = [];

    /// <summary>Handles that nobody has closed yet.</summary>
    public int OpenHandles { get; private set; }

    public ProcessFacts Add(ProcessFacts facts)
    {
        _processes.Add(facts);
        return facts;
    }

    /// <summary>A holder of the endpoint.</summary>
    public ProcessFacts Hold(int pid = 77, string name = "node", Func<ProcessFacts, ProcessFacts>? change = null)
    {
        ProcessFacts facts = Some.Process(pid, name) with { Parents = [new(400, "bash"), new(1, "systemd")] };
        Holders.Add(pid);
        return Add(change is null ? facts : change(facts));
    }

    public void End(int pid)
    {
        _processes.RemoveAll(p => p.Identity.Pid == pid);
        Holders.Remove(pid);
    }

    /// <summary>The pid goes to another process, or the process executes another program.</summary>
    public void Replace(int pid, Func<ProcessIdentity, ProcessIdentity> change)
    {
        int at = _processes.FindIndex(p => p.Identity.Pid == pid);
        _processes[at] = _processes[at] with { Identity = change(_processes[at].Identity) };
    }

    public Occupancy Blocking(Endpoint endpoint, int? contenderPid = null, ulong? foreignNetwork = null)
    {
        BeforeLook?.Invoke();
        if (Fixed is not null)
            return Fixed;
        if (Holders.Count == 0)
            return Occupancy.Free;
        return new Occupancy
        {
            State = PortState.Held,
            Owners = [.. Holders.Select(pid => new SocketOwner { Endpoint = endpoint, Use = Use, Socket = 9, Uid = Some.Uid, Process = Identify(pid), Descriptor = 3 })],
        };
    }

    public IReadOnlyList<SocketOwner> Listeners() => [];

    public bool StillHolds(SocketOwner owner) => owner.Process is { } process && Holders.Contains(process.Pid);

    public bool? CanBind(Endpoint endpoint) => Bindable;

    public ProcessIdentity? Identify(int pid) => Describe(pid)?.Identity;

    public ProcessFacts? Describe(int pid) => _processes.Find(p => p.Identity.Pid == pid);

    public IReadOnlyList<ProcessIdentity> Descendants(ProcessIdentity process)
    {
        ProcessIdentity[] children = [.. _processes.Where(p => p.Parents.Count > 0 && p.Parents[0].Pid == process.Pid).Select(p => p.Identity)];
        return [.. children, .. children.SelectMany(Descendants)];
    }

    public ProcessFacts? AtEndpoint(ProcessFacts facts, Endpoint endpoint) => Published(facts);

    public string UserName(uint uid) => uid == 0 ? "root" : $"user{uid}";

    public string? EnvironmentVariable(int pid, string name) => null;

    public SafeHandle? Open(ProcessIdentity process)
    {
        BeforeOpen?.Invoke();
        if (Identify(process.Pid) != process)
            return null;
        OpenHandles++;
        return new Pinned(process.Pid, () => OpenHandles--);
    }

    public SignalResult Signal(SafeHandle process, ProcessIdentity expected, StopSignal signal)
    {
        BeforeSignal?.Invoke();
        if (LastLook.Refusal(expected, Identify(expected.Pid), OwnPid, 400) is { } refusal)
            return refusal;
        if (Refusal(expected.Pid) is { } forbidden)
            return forbidden;
        Signals.Add((expected.Pid, signal));
        if (OnSignal is null)
            End(expected.Pid);
        else
            OnSignal(expected.Pid, signal);
        return SignalResult.Delivered;
    }

    public Task<bool> WaitForExitAsync(SafeHandle process, TimeSpan limit, CancellationToken cancellation)
    {
        Waits.Add((((Pinned)process).Pid, limit));
        BeforeWait?.Invoke();
        return cancellation.IsCancellationRequested ? Task.FromCanceled<bool>(cancellation) : Task.FromResult(Describe(((Pinned)process).Pid) is null);
    }

    private sealed class Pinned : SafeHandle
    {
        private readonly Action _closed;

        public Pinned(int pid, Action closed)
            : base(0, ownsHandle: true)
        {
            _closed = closed;
            SetHandle(pid);
            Pid = pid;
        }

        public int Pid { get; }

        public override bool IsInvalid => false;

        protected override bool ReleaseHandle()
        {
            _closed();
            return true;
        }
    }
}
