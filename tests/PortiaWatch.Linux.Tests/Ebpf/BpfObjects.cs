using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>Which BPF maps there are. A loaded program keeps its maps alive, so a map that is gone means that its programs are.</summary>
internal static unsafe partial class BpfObjects
{
    private const int BPF_MAP_GET_FD_BY_ID = 14;

    /// <summary>The maps that a process has descriptors on.</summary>
    public static IReadOnlyList<uint> MapsOf(int pid)
    {
        List<uint> ids = [];
        foreach (string file in Directory.GetFiles($"/proc/{pid}/fdinfo"))
        {
            try
            {
                string? line = File.ReadLines(file).FirstOrDefault(text => text.StartsWith("map_id:", StringComparison.Ordinal));
                if (line is not null)
                    ids.Add(uint.Parse(line.AsSpan("map_id:".Length).Trim(), CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // Closed between listing and reading; normal.
            }
        }

        return ids;
    }

    public static bool Exists(uint map)
    {
        ulong* attributes = stackalloc ulong[2];
        attributes[0] = map;
        attributes[1] = 0;
        nint descriptor = syscall(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 321 : 280, BPF_MAP_GET_FD_BY_ID, attributes, 2 * sizeof(ulong));
        new SafeFileHandle(descriptor, ownsHandle: true).Dispose();
        return descriptor >= 0;
    }

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint command, void* attributes, nint size);
}
