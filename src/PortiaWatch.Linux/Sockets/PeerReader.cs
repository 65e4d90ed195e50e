using System.Net.Sockets;
using System.Runtime.InteropServices;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>
/// The other end of a unix socket: unix(7), SO_PEERCRED, taken by the kernel when it connected. A pid alone may be another's by now; SO_PEERPIDFD (kernel 6.5) pins the
/// process itself, and an identity that was read while it was pinned is its own.
/// </summary>
internal static class PeerReader
{
    // asm-generic/socket.h
    private const int PeerCred = 17;
    private const int PeerPidFd = 77;

    // struct ucred: pid, uid, gid.
    private const int CredentialBytes = 12;
    private const uint Nobody = uint.MaxValue;

    /// <summary>Null when the kernel does not say.</summary>
    public static PeerCredentials? Read(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[CredentialBytes];
        try
        {
            if (socket.GetRawSocketOption(Libc.SOL_SOCKET, PeerCred, credentials) != CredentialBytes)
                return null;
        }
        catch (SocketException)
        {
            return null;
        }

        int pid = MemoryMarshal.Read<int>(credentials);
        uint uid = MemoryMarshal.Read<uint>(credentials[4..]);
        if (uid == Nobody)
            return null;
        ProcessIdentity? process = pid > 0 ? Identify(socket, pid) : null;
        return new PeerCredentials(pid, uid) { Process = process, ForeignNetwork = process is null ? null : ForeignNetwork(pid) };
    }

    private static ProcessIdentity? Identify(Socket socket, int pid)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        try
        {
            _ = socket.GetRawSocketOption(Libc.SOL_SOCKET, PeerPidFd, number);
        }
        catch (SocketException error)
        {
            // An older kernel cannot pin it; any other answer means that it is gone.
            return error.SocketErrorCode == SocketError.ProtocolOption ? IdentityReader.Read(pid) : null;
        }

        using var pinned = new Descriptor(MemoryMarshal.Read<int>(number));
        ProcessIdentity? identity = IdentityReader.Read(pid);
        bool isStillThere = Libc.PidfdSendSignal(pinned.Number, 0) == 0 || Marshal.GetLastPInvokeError() == Libc.EPERM;
        return isStillThere ? identity : null;
    }

    private static ulong? ForeignNetwork(int pid) =>
        ProcFile.TryStat(pid, "ns/net"u8, Libc.STATX_INO, out Libc.StatxBuffer theirs)
        && ProcFile.TryStat(Environment.ProcessId, "ns/net"u8, Libc.STATX_INO, out Libc.StatxBuffer ours)
        && theirs.stx_ino != ours.stx_ino
            ? theirs.stx_ino
            : null;
}
