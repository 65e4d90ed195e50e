using System.Net.Sockets;
using System.Runtime.InteropServices;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>
/// The other end of a unix socket: LOCAL_PEERCRED and LOCAL_PEERTOKEN of unix(4), taken by the kernel. The token carries the pid version, which changes with every exec and
/// never comes back, so a pid that was given away is noticed.
/// </summary>
internal static class PeerReader
{
    // bsd/sys/un.h
    private const int LocalLevel = 0;
    private const int PeerCred = 1;
    private const int PeerPid = 2;
    private const int PeerToken = 6;

    // struct xucred of bsd/sys/ucred.h: version, uid, number of groups, 16 groups.
    private const int CredentialBytes = 76;
    private const uint CredentialVersion = 0;

    // audit_token_t: eight words, of which the sixth is the pid and the last the pid version.
    private const int TokenBytes = 32;

    /// <summary>Null when the kernel does not say.</summary>
    public static PeerCredentials? Read(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[CredentialBytes];
        Span<byte> number = stackalloc byte[sizeof(int)];
        if (!TryRead(socket, PeerCred, credentials) || !TryRead(socket, PeerPid, number) || MemoryMarshal.Read<uint>(credentials) != CredentialVersion)
            return null;
        int pid = MemoryMarshal.Read<int>(number);
        return new PeerCredentials(pid, MemoryMarshal.Read<uint>(credentials[4..])) { Process = Identify(socket, pid) };
    }

    private static ProcessIdentity? Identify(Socket socket, int pid)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        if (!TryRead(socket, PeerToken, token) || IdentityReader.Read(pid) is not { } identity)
            return null;
        bool isTheSame = MemoryMarshal.Read<int>(token[20..]) == pid && identity.Image == MemoryMarshal.Read<uint>(token[28..]);
        return isTheSame ? identity : null;
    }

    private static bool TryRead(Socket socket, int option, Span<byte> into)
    {
        try
        {
            return socket.GetRawSocketOption(LocalLevel, option, into) == into.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
