using PortiaWatch.Darwin.Interop;

namespace PortiaWatch.Darwin.Processes;

/// <summary>Pids, in the order in which the kernel lists them (newest first). Nobody is refused; a sandbox may hide all.</summary>
internal static class ProcessList
{
    private const int UsualCount = 2048;

    public static int[] All() => Read(libSystem.PROC_ALL_PIDS, 0);

    public static int[] ChildrenOf(int pid) => Read(libSystem.PROC_PPID_ONLY, (uint)pid);

    public static int[] OfUser(uint effectiveUid) => Read(libSystem.PROC_UID_ONLY, effectiveUid);

    public static int[] OfRealUser(uint realUid) => Read(libSystem.PROC_RUID_ONLY, realUid);

    private static int[] Read(int type, uint argument)
    {
        for (int room = UsualCount; ; room *= 2)
        {
            int[] pids = new int[room];
            int count = libSystem.proc_listpids(type, argument, pids);

            // A full buffer may hide more.
            if (count < room)
                return pids[..count];
        }
    }
}
