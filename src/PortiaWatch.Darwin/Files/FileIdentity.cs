using Microsoft.Win32.SafeHandles;
using PortiaWatch.Darwin.Interop;

namespace PortiaWatch.Darwin.Files;

/// <summary>Device and inode of an open file, by libproc: fstat has another symbol and structure on each architecture.</summary>
internal static class FileIdentity
{
    /// <summary>Null when the system does not say.</summary>
    public static (ulong Device, ulong Inode)? Of(SafeFileHandle file)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return libSystem.proc_pidfdinfo(Environment.ProcessId, (int)file.DangerousGetHandle(), libSystem.PROC_PIDFDVNODEPATHINFO, out vnode_fdinfowithpath info)
                ? (info.pvip_vip_vi_vi_stat_vst_dev, info.pvip_vip_vi_vi_stat_vst_ino)
                : null;
        }
        finally
        {
            if (held)
                file.DangerousRelease();
        }
    }
}
