using System.Globalization;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>
/// What blocks a bind to a unix path or abstract name. A path is blocked by the mere file: where no socket lives behind it the answer is <see cref="PortState.Reserved"/>
/// with a sentence, for no process holds it.
/// </summary>
internal sealed class UnixEndpoints(DiagSession session, SocketOwners owners)
{
    /// <summary>Listening, bound to a name and not connected, or a connected datagram socket. Connections that a listener accepted carry its name as well.</summary>
    private const uint Bound = (1u << SocketStates.Listen) | (1u << SocketStates.Close);

    /// <summary>Every listening unix socket with a name.</summary>
    public IEnumerable<OwnedSocket> Listening() => session.ReadUnix(SocketStates.Listening, entry => entry.IsListening).OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(OwnedSocket.Of);

    public Occupancy Blocking(Endpoint endpoint, int? contenderPid, ulong? foreignNetwork)
    {
        if (endpoint.Path is not { Length: > 0 } path)
            return new Occupancy { State = PortState.Unknown, Limit = "The path is not known, so nobody can be asked who holds it." };
        if (path[0] == '@')
            return Abstract(path, contenderPid, foreignNetwork);
        if (Resolve(path, contenderPid) is not { } seen)
            return new Occupancy { State = PortState.Unknown, Limit = "The refused process sees that path from a folder or root that cannot be read, so nobody can be asked who holds it." };
        path = seen;
        if (!PathStatus.TryRead(path, out Libc.StatxBuffer file))
            return Occupancy.Free;
        if ((file.stx_mode & Libc.S_IFMT) != Libc.S_IFSOCK)
            return new Occupancy { State = PortState.Reserved, Limit = "Something that is no socket lies at that path; a socket cannot be bound over it." };
        uint device = (file.stx_dev_major << 20) | file.stx_dev_minor;
        List<UnixSocketEntry> live = session.ReadUnix(Bound, entry => IsAt(entry, endpoint.Path, path, (uint)file.stx_ino, device));
        if (live.Count > 0)
            return owners.Held([.. live.Select(OwnedSocket.Of)]);
        return new Occupancy { State = PortState.Reserved, Limit = "A stale socket file; no process listens on it." };
    }

    // The file decides: the name is what the owner called it from its own folder, before renames. Some file systems report a device of their own to stat.
    private static bool IsAt(UnixSocketEntry entry, string given, string path, uint inode, uint device)
    {
        bool sameName = entry.Name == given || entry.Name == path;
        return entry.FileInode is { } file ? file == inode && (entry.FileDevice == device || sameName) : sameName;
    }

    private Occupancy Abstract(string name, int? contenderPid, ulong? foreignNetwork)
    {
        // Abstract names belong to the network namespace.
        if (contenderPid is { } pid && NetworkNamespace.IsForeign(pid))
        {
            var foreign = new List<UnixSocketEntry>();
            if (!ProcNet.TryReadUnix(pid, entry => entry.Name == name, foreign))
                return SocketTable.OutOfSight;
            return foreign.Count > 0 ? owners.Held([.. foreign.Select(OwnedSocket.Of)]) : Occupancy.Free;
        }

        if (foreignNetwork is not null)
            return SocketTable.OutOfSight;
        List<UnixSocketEntry> live = session.ReadUnix(Bound | (1u << SocketStates.Established), entry => entry.Name == name);
        List<UnixSocketEntry> listening = live.FindAll(entry => entry.IsListening);
        return live.Count > 0 ? owners.Held([.. (listening.Count > 0 ? listening : live).Select(OwnedSocket.Of)]) : Occupancy.Free;
    }

    // As the contender sees it: from its folder, below its root. Null where that is not known: neither our folder nor our root has anything to do with it.
    private static string? Resolve(string path, int? contenderPid)
    {
        bool isRooted = Path.IsPathRooted(path);
        if (contenderPid is not { } pid)
            return isRooted ? path : null;
        if (isRooted)
            return ProcFile.ReadLinkText(pid, "root"u8) is null ? null : string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root{path}");
        return ProcFile.ReadLinkText(pid, "cwd"u8) is null ? null : string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cwd/{path}");
    }
}
