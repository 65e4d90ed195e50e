using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace PortiaWatch.Darwin.Tests.Support;

/// <summary>The scripted Mac behind the stand-in libSystem: empty at first, seen by one test at a time (<see cref="Collection"/>).</summary>
internal sealed partial class World : IDisposable
{
    public const string Collection = "stand-in libSystem";
    public const uint User = 501;
    public const int Tcp = 6;
    public const int Udp = 17;
    public const int Listen = 1;
    public const int Established = 4;
    public const int TimeWait = 10;

    private static Action<string, int, int>? _onCall;

    public World()
    {
        _onCall = null;
        world_reset();
        world_user(User);
    }

    /// <summary>Called before every call is answered, with its name, pid and number or flavour: the place to change the world between two steps.</summary>
    public unsafe Action<string, int, int>? OnCall
    {
        get => _onCall;
        set
        {
            _onCall = value;
            world_hook(value is null ? null : &Hook);
        }
    }

    public IReadOnlyList<(int Pid, int Signal, bool ByToken)> Signals
    {
        get
        {
            List<(int, int, bool)> all = [];
            for (int i = 0; i < world_signal_count(); i++)
                all.Add(SignalAt(i));
            return all;
        }
    }

    /// <summary>The real processes, sockets and user of this machine as well.</summary>
    public World WithHost()
    {
        world_reset();
        world_host(1);
        return this;
    }

    public void BecomeUser(uint uid) => world_user(uid);

    public unsafe void BelongTo(params uint[] groups)
    {
        fixed (uint* start = groups)
            world_groups(start, groups.Length);
    }

    public int Process(int pid, string name = "node", int parent = 1, uint uid = User, uint? real = null, uint? saved = null, string? path = null, string? folder = null)
    {
        world_process(pid, parent, uid, real ?? uid, saved ?? uid, name, path ?? $"/opt/homebrew/bin/{name}", folder);
        return pid;
    }

    public unsafe void Arguments(int pid, string[] command, params string[] environment)
    {
        List<byte> area = [.. BitConverter.GetBytes(command.Length), .. Encoding.UTF8.GetBytes(command[0] + "\0\0\0")];
        foreach (string text in command.Concat(environment))
            area.AddRange(Encoding.UTF8.GetBytes(text + "\0"));
        fixed (byte* start = area.ToArray())
            world_args(pid, start, area.Count);
    }

    public void Group(int pid, int group) => world_group(pid, group);

    /// <summary>Another program in the same process.</summary>
    public void Exec(int pid) => world_exec(pid);

    public void IgnoreTerm(int pid) => world_ignore_term(pid);

    public void End(int pid) => world_end(pid, 0);

    public void MakeZombie(int pid) => world_end(pid, 1);

    /// <summary>A socket in the kernel's list, opened by nobody yet. Returns its handle.</summary>
    public unsafe ulong Socket(string address, int port, int lastPid, int protocol = Tcp, int state = Listen, uint uid = User, int remotePort = 0, int effectivePid = 0)
    {
        (byte[] bytes, int flags) = Address(address);
        fixed (byte* local = bytes)
            return world_socket(protocol, flags, local, port, null, remotePort, protocol == Tcp ? state : 0, uid, lastPid, effectivePid);
    }

    public ulong Open(int pid, int number, ulong socket)
    {
        world_descriptor(pid, number, 0, socket);
        return socket;
    }

    public void OpenFile(int pid, int number) => world_descriptor(pid, number, 0, 0);

    public void Park(int pid, int port, ulong socket) => world_descriptor(pid, port, 1, socket);

    public void Close(int pid, int number) => world_close(pid, number);

    public ulong UnixSocket(string path, bool listens = true) => world_unix(path, listens ? 1 : 0);

    public unsafe void UserSpaceFlow(string address, int port, int lastPid)
    {
        fixed (byte* local = Address(address).Bytes)
            world_flow(Tcp, local, port, lastPid);
    }

    public void PutInAcceptQueue(ulong socket) => world_accept_queue(socket);

    public void Reserve(int port) => world_reserve(port);

    /// <summary>Makes a call fail. Pid 0 means any, times 0 means always.</summary>
    public void Fail(string call, int errno, int pid = 0, int times = 0) => world_fail(call, pid, errno, times);

    public int Calls(string call) => world_calls(call);

    /// <summary>Control blocks that appear between the size query and the next read.</summary>
    public void Grow(int blocks) => world_growth(blocks);

    public void Dispose()
    {
        OnCall = null;
        world_reset();
    }

    [UnmanagedCallersOnly]
    private static unsafe void Hook(byte* call, int pid, int argument) => _onCall?.Invoke(Marshal.PtrToStringUTF8((nint)call)!, pid, argument);

    private static unsafe (int Pid, int Signal, bool ByToken) SignalAt(int index)
    {
        int pid;
        int sig;
        int byToken;
        world_signal(index, &pid, &sig, &byToken);
        return (pid, sig, byToken != 0);
    }

    private static (byte[] Bytes, int Flags) Address(string text)
    {
        if (text == "*")
            return (new byte[16], 3);
        IPAddress address = IPAddress.Parse(text);
        byte[] bytes = new byte[16];
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        address.GetAddressBytes().CopyTo(bytes, isV6 ? 0 : 12);
        return (bytes, isV6 ? 2 : 1);
    }
}
