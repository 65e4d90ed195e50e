using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.SystemSensor;

/// <summary>
/// Whether a socket is the one that the system's own unit made: its folder belongs to whoever listens and nobody else writes there, and that folder could only be made
/// by root.
/// </summary>
internal static class SensorTrust
{
    private const ushort WritableByOthers = 0b000_010_010;

    /// <summary>Why it is not believed, one plain sentence; null when it is.</summary>
    public static string? Objection(string socketPath, uint? listener)
    {
        string folder = Path.GetDirectoryName(socketPath)!;
        string above = Path.GetDirectoryName(folder)!;
        if (!PathStatus.TryRead(folder, out Libc.StatxBuffer own) || !PathStatus.TryRead(above, out Libc.StatxBuffer parent))
            return $"{folder} cannot be looked at, so the sensor in it is not believed.";
        if (own.stx_uid != listener || (own.stx_mode & WritableByOthers) != 0)
            return $"{folder} does not belong to the sensor that listens in it alone, so what it says is not believed.";
        bool isRoots = own.stx_uid == 0 || (parent.stx_uid == 0 && (parent.stx_mode & WritableByOthers) == 0);
        return isRoots ? null : $"{folder} may have been made by anybody, so the sensor in it is not believed.";
    }
}
