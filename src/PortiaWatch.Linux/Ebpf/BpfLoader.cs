using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>Makes maps and loads programs; each refusal of the kernel becomes one plain sentence.</summary>
internal static unsafe class BpfLoader
{
    private const int LogBytes = 256 * 1024;

    /// <summary>Which helpers a program may call depends on its licence; ours is MIT and may be had under the GPL.</summary>
    private static ReadOnlySpan<byte> License => "Dual MIT/GPL\0"u8;

    /// <summary>Throws <see cref="SourceUnavailableException"/> when the kernel has no such map or we have no right to it.</summary>
    public static SafeFileHandle CreateMap(string name, uint kind, int keyBytes, int valueBytes, int entries) =>
        TryCreateMap(name, kind, keyBytes, valueBytes, entries, out int errno) ?? throw KernelRefusal.OfMap(errno);

    public static SafeFileHandle? TryCreateMap(string name, uint kind, int keyBytes, int valueBytes, int entries, out int errno) =>
        Libc.bpf_map_create(
            new BpfMapAttributes
            {
                map_type = kind,
                key_size = (uint)keyBytes,
                value_size = (uint)valueBytes,
                max_entries = (uint)entries,
                map_name = BpfObjectName.From(name),
            },
            out errno);

    /// <summary>Null when the verifier will not have it; <paramref name="objection"/> is then the end of its log.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The first attempt gave nothing to dispose when the second is made.")]
    public static SafeFileHandle? TryLoad(string name, ReadOnlySpan<byte> instructions, out int errno, out string objection)
    {
        objection = "";
        SafeFileHandle? program = Load(name, instructions, [], out errno);
        if (program is not null)
            return program;

        // The log is asked for only now: with one the verifier is slower, and fails when the log does not fit.
        byte[] log = new byte[LogBytes];
        program = Load(name, instructions, log, out errno);
        objection = LastWords(log);
        return program;
    }

    /// <summary>The verifier says why it refuses in its last lines, before the statistics.</summary>
    internal static string LastWords(ReadOnlySpan<byte> log)
    {
        int end = log.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(end < 0 ? log : log[..end]);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(" | ", lines.Where(line => !line.StartsWith("processed ", StringComparison.Ordinal)).TakeLast(2));
    }

    private static SafeFileHandle? Load(string name, ReadOnlySpan<byte> instructions, Span<byte> log, out int errno)
    {
        fixed (byte* code = instructions)
        fixed (byte* license = License)
        fixed (byte* text = log)
        {
            return Libc.bpf_prog_load(
                new BpfProgramAttributes
                {
                    prog_type = Libc.BPF_PROG_TYPE_TRACEPOINT,
                    insn_cnt = (uint)(instructions.Length / sizeof(ulong)),
                    insns = (ulong)code,
                    license = (ulong)license,
                    log_level = log.IsEmpty ? 0u : 1u,
                    log_size = (uint)log.Length,
                    log_buf = (ulong)text,
                    prog_name = BpfObjectName.From(name),
                },
                out errno);
        }
    }
}
