using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Systemd;

/// <summary>Whether a program may be run by the system: whoever can replace its file, or a folder on the way to it, would get the unit's rights.</summary>
internal static class ProgramSafety
{
    private const ushort WritableByOthers = 0b000_010_010;

    /// <summary>The file or folder that somebody else than root could change; null when there is none. Relative words and options are no files.</summary>
    public static string? WeakPlace(IReadOnlyList<string> program)
    {
        foreach (string word in program.Where(word => word.StartsWith('/') && File.Exists(word)))
        {
            string file = File.ResolveLinkTarget(word, returnFinalTarget: true)?.FullName ?? word;
            for (string? place = file; place is not null; place = Path.GetDirectoryName(place))
            {
                if (!PathStatus.TryRead(place, out Libc.StatxBuffer status) || status.stx_uid != 0 || (status.stx_mode & WritableByOthers) != 0)
                    return place;
            }
        }

        return null;
    }
}
