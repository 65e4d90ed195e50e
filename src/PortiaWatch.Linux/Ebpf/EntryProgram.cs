using static PortiaWatch.Linux.Ebpf.BpfRegister;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// The program on the entry of bind and listen, for kernels where the exit cannot see the registers: keeps the three arguments under the thread's number. Nothing
/// takes them out again; the thread's next call overwrites them, and a full map forgets the oldest.
/// </summary>
internal static class EntryProgram
{
    public const int DescriptorAt = 0;
    public const int AddressAt = 8;
    public const int AddressLengthAt = 16;
    public const int ValueBytes = 24;
    public const int Threads = 4096;

    // struct syscall_trace_enter as perf_call_bpf_enter passes it: 8 bytes hidden, number, arguments.
    private const int ContextArguments = 16;
    private const int KeySlot = -8;
    private const int ValueSlot = -32;

    /// <summary>A program that looks at more arguments than the call has is not let near it: bind has three, listen two.</summary>
    public static byte[] Build(int argumentsMap, int arguments)
    {
        BpfAssembler code = new();
        for (int at = 0; at < ValueBytes; at += sizeof(ulong))
        {
            if (at < arguments * sizeof(ulong))
                code.Load(BpfWidth.Double, R2, R1, ContextArguments + at);
            else
                code.Move(R2, 0);
            code.Store(BpfWidth.Double, Frame, ValueSlot + at, R2);
        }

        return code
            .Call(BpfFunction.CurrentPidTgid)
            .Store(BpfWidth.Double, Frame, KeySlot, R0)
            .LoadMap(R1, argumentsMap)
            .Move(R2, Frame)
            .Add(R2, KeySlot)
            .Move(R3, Frame)
            .Add(R3, ValueSlot)
            .Move(R4, 0)
            .Call(BpfFunction.MapUpdate)
            .Move(R0, 1)
            .Exit()
            .Build();
    }
}
