using System.Buffers.Binary;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>
/// The way without the kernel's list, which an App Sandbox refuses: only the sockets of processes that let us look. It can prove that a port is held, never that it is
/// free.
/// </summary>
internal static class VisibleSockets
{
    public const string Limit = "This process may not read the kernel's list of sockets (App Sandbox?), so only the sockets of your own programs can be seen.";

    public static Occupancy Blocking(Transport transport, int port, IReadOnlyList<BindTarget> targets)
    {
        List<(Pcb Row, ProcessIdentity Process, int Number)> seen = [];
        new DescriptorScan().VisitAll([Environment.ProcessId], (int pid, int number, bool isFileport, in socket_fdinfo socket) =>
        {
            if (RowOf(in socket) is { } row && row.Transport == transport && row.LocalPort == port && IdentityReader.Read(pid) is { } identity)
                seen.Add((row, identity, number));
        });
        HashSet<Pcb> blocking = [.. SocketTable.Blockers(seen.Select(one => one.Row), targets)];
        List<SocketOwner> owners = [.. seen.Where(one => blocking.Contains(one.Row)).Select(one => new SocketOwner
        {
            Endpoint = one.Row.Endpoint,
            Use = one.Row.Use,
            Socket = one.Row.Socket,
            Process = one.Process,
            Descriptor = one.Number,
        })];
        return new Occupancy { State = owners.Count > 0 ? PortState.Held : PortState.Unknown, Owners = owners, Limit = Limit };
    }

    private static Pcb? RowOf(in socket_fdinfo socket)
    {
        if (socket.psi_soi_kind is not (libSystem.SOCKINFO_TCP or libSystem.SOCKINFO_IN))
            return null;
        bool isV6 = (socket.psi_soi_proto_pri_in_insi_vflag & Pcb.INP_IPV6) != 0;
        return new Pcb
        {
            Transport = socket.psi_soi_protocol == libSystem.IPPROTO_UDP ? Transport.Udp : Transport.Tcp,
            AddressFlags = socket.psi_soi_proto_pri_in_insi_vflag,
            Local = KernelAddress.Read(socket.psi_soi_proto_pri_in_insi_laddr, isV6),
            LocalPort = BinaryPrimitives.ReverseEndianness((ushort)socket.psi_soi_proto_pri_in_insi_lport),
            Remote = KernelAddress.Read(socket.psi_soi_proto_pri_in_insi_faddr, isV6),
            RemotePort = BinaryPrimitives.ReverseEndianness((ushort)socket.psi_soi_proto_pri_in_insi_fport),
            State = socket.psi_soi_kind == libSystem.SOCKINFO_TCP ? socket.psi_soi_proto_pri_tcp_tcpsi_state : null,
            Socket = socket.psi_soi_so,
            Options = (ushort)socket.psi_soi_options,
        };
    }
}
