using System.Globalization;

namespace PortiaWatch.Linux.Systemd;

/// <summary>Reads which ports the socket unit beside a service declares (<c>ListenStream=</c>, <c>ListenDatagram=</c>; systemd.socket(5)).</summary>
/// <param name="folders">Where unit files are, highest precedence first.</param>
internal sealed class SocketUnits(IReadOnlyList<string> folders)
{
    private const string Service = ".service";

    /// <summary>The folders of systemd.unit(5), the user's own first.</summary>
    public static SocketUnits OfThisUser(string home) => new(
    [
        Path.Combine(home, ".config/systemd/user"), "/etc/systemd/user", "/run/systemd/user", "/usr/lib/systemd/user",
        "/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
    ]);

    public IReadOnlyList<int> Ports(string? unit)
    {
        // The name comes from a cgroup or the journal; nothing but a plain file name is looked for.
        if (unit is null || !unit.EndsWith(Service, StringComparison.Ordinal) || unit.Contains('/', StringComparison.Ordinal))
            return [];
        string name = unit[..^Service.Length] + ".socket";
        foreach (string folder in folders)
        {
            try
            {
                return [.. File.ReadLines(Path.Combine(folder, name)).Select(Port).OfType<int>()];
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Not in this folder, or not for us to read.
            }
        }

        return [];
    }

    private static int? Port(string line)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || line.AsSpan(0, equals).Trim() is not ("ListenStream" or "ListenDatagram"))
            return null;
        ReadOnlySpan<char> value = line.AsSpan(equals + 1).Trim();
        return ushort.TryParse(value[(value.LastIndexOf(':') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0 ? port : null;
    }
}
