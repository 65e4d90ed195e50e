using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Systemd;

/// <summary>Whether a program may be run by the system: whoever can replace its file, or a folder on the way to it, would get the unit's rights.</summary>
internal static class ProgramSafety
{
    private const ushort WritableByOthers = 0b000_010_010;

    /// <summary>
    /// The file or folder that somebody else than root could change; null when there is none: the program, what it is a link to, every folder on the way, and what lies
    /// beside it, which it loads. Relative words and options are no files.
    /// </summary>
    public static string? WeakPlace(IReadOnlyList<string> program)
    {
        foreach (string word in program.Where(word => word.StartsWith('/') && File.Exists(word)))
        {
            string file = File.ResolveLinkTarget(word, returnFinalTarget: true)?.FullName ?? word;
            string[] places = [.. Way(word), .. Way(file), .. LibrariesBeside(file)];
            if (Array.Find(places, IsWeak) is { } place)
                return place;
        }

        return null;
    }

    private static IEnumerable<string> Way(string file)
    {
        for (string? place = file; place is not null; place = Path.GetDirectoryName(place))
            yield return place;
    }

    // System folders are full of programs that have nothing to do with ours.
    private static IEnumerable<string> LibrariesBeside(string file) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(file)!).Where(beside => Path.GetExtension(beside) is ".dll" or ".so" or ".json");

    private static bool IsWeak(string place) =>
        !PathStatus.TryRead(place, out Libc.StatxBuffer status) || status.stx_uid != 0 || (status.stx_mode & WritableByOthers) != 0;
}
