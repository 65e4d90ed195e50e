using System.Buffers;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>What was read of the kernel's list of control blocks.</summary>
/// <param name="Rows">The blocks that were asked for.</param>
/// <param name="IsComplete">False when blocks are missing: an absent row then proves nothing.</param>
/// <param name="Errno">0, or why nothing could be read.</param>
internal sealed record Pcblist(IReadOnlyList<Pcb> Rows, bool IsComplete, int Errno)
{
    public delegate bool Filter(in PcblistReader row);

    private const int Tries = 5;

    /// <summary>Reads the blocks that pass <paramref name="wanted"/>. All users' blocks are there; no right is needed outside a sandbox.</summary>
    public static Pcblist Read(Transport transport, Filter wanted)
    {
        string name = transport == Transport.Udp ? "net.inet.udp.pcblist_n" : "net.inet.tcp.pcblist_n";
        List<Pcb> rows = [];
        int slack = 64 * 1024;
        for (int attempt = 1; ; attempt++)
        {
            int errno = libSystem.sysctlbyname(name, [], out int needed);
            if (errno != 0)
                return new Pcblist([], false, errno);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(needed + needed / 4 + slack);
            try
            {
                // The list grows while we ask: what was copied before ENOMEM is a sound prefix, without the trailer.
                errno = libSystem.sysctlbyname(name, buffer, out int length);
                if (errno != 0 && errno != libSystem.ENOMEM)
                    return new Pcblist([], false, errno);
                rows.Clear();
                PcblistReader reader = new(buffer.AsSpan(0, Math.Min(length, buffer.Length)), transport);
                while (reader.Read())
                {
                    if (wanted(in reader))
                        rows.Add(reader.Current());
                }

                bool isWhole = errno == 0 && reader.IsComplete;

                // Blocks that came or went meanwhile leave the rows sound, but what is absent may only have moved: look again before saying so.
                bool isSettled = isWhole && (!reader.HasChanged || rows.Count > 0);
                if (isSettled || attempt == Tries)
                    return new Pcblist(rows, isWhole, 0);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            slack *= 4;
        }
    }
}
