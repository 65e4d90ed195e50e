using System.Runtime.InteropServices;
using System.Text;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>Unix sockets. The kernel's list of them has no measured layout, so they are found where processes have them open; another user's stay hidden.</summary>
internal static class UnixSockets
{
    public static Occupancy Blocking(string path)
    {
        DescriptorScan scan = new();
        string wanted = Path.GetFullPath(path);
        List<SocketOwner> owners = Listening(scan, found => Path.GetFullPath(found) == wanted, (_, _, _, in _) => { });
        if (owners.Count > 0)
            return new Occupancy { State = PortState.Held, Owners = owners };
        if (!Path.Exists(path))
            return Occupancy.Free;
        return scan.Refused.Count > 0
            ? new Occupancy { State = PortState.Unknown, Limit = $"The file is there and no process of yours listens on it; another user's may. Run: sudo portia who {path}" }
            : new Occupancy { State = PortState.Reserved, Limit = $"Nobody listens on it: the file is left over and blocks a new socket. Remove it: rm {path}" };
    }

    /// <summary>Every listening unix socket with a path that passes, as found by one scan; <paramref name="others"/> sees all other sockets of the same scan.</summary>
    public static List<SocketOwner> Listening(DescriptorScan scan, Func<string, bool> wanted, DescriptorScan.Visitor others)
    {
        List<SocketOwner> owners = [];
        scan.VisitAll([], (int pid, int number, bool isFileport, in socket_fdinfo socket) =>
        {
            ulong handle = socket.psi_soi_so;
            if (socket.psi_soi_kind != libSystem.SOCKINFO_UN)
                others(pid, number, isFileport, in socket);
            else if (PathOf(in socket) is { } path && wanted(path) && IdentityReader.Read(pid) is { } identity && !owners.Exists(o => o.Socket == handle && o.Process == identity))
                owners.Add(Owner(path, identity, number, in socket));
        });
        return owners;
    }

    private static SocketOwner Owner(string path, ProcessIdentity identity, int number, in socket_fdinfo socket) => new()
    {
        Endpoint = new Endpoint { Transport = Transport.Unix, Path = path },
        Use = (socket.psi_soi_options & libSystem.SO_ACCEPTCONN) != 0 ? SocketUse.Listening : SocketUse.Bound,
        Socket = socket.psi_soi_so,
        Process = identity,
        Descriptor = number,
    };

    // A connected socket carries its listener's path too; datagram sockets never listen.
    private static string? PathOf(in socket_fdinfo socket)
    {
        bool isListening = (socket.psi_soi_options & libSystem.SO_ACCEPTCONN) != 0;
        if (!isListening && socket.psi_soi_type != libSystem.SOCK_DGRAM)
            return null;
        ReadOnlySpan<byte> path = MemoryMarshal.AsBytes(new ReadOnlySpan<bytes104>(in socket.psi_soi_proto_pri_un_unsi_addr_ua_sun_sun_path));
        int end = path.IndexOf((byte)0);
        path = end < 0 ? path : path[..end];
        return path.IsEmpty ? null : Encoding.UTF8.GetString(path);
    }
}
