using PortiaWatch.Darwin.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Processes;

/// <summary>Reads what tells a process from a later one with its pid, and its program from the one that exec puts in its place. Allowed for processes of any user.</summary>
internal static class IdentityReader
{
    /// <summary>Null when there is no such process, or only a zombie.</summary>
    public static ProcessIdentity? Read(int pid)
    {
        if (pid < 0 || !libSystem.proc_pidinfo(pid, libSystem.PROC_PIDUNIQIDENTIFIERINFO, 0, out proc_uniqidentifierinfo info, out _))
            return null;

        // The version is set since macOS 11; before, the field is a reserved zero.
        return new ProcessIdentity(pid, info.p_uniqueid, info.p_idversion == 0 ? null : (uint)info.p_idversion);
    }
}
