using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>Where a system call's first three arguments stand in <c>struct pt_regs</c>: byte offsets, by machine.</summary>
internal sealed record ArgumentRegisters(int First, int Second, int Third)
{
    /// <summary>asm/ptrace.h: rdi, rsi, rdx. The result goes to rax, so all three are intact at the exit.</summary>
    public static ArgumentRegisters X64 { get; } = new(112, 104, 96);

    /// <summary>uapi/asm/ptrace.h: x0 holds the result at the exit; orig_x0 keeps what it was, right behind the 272 bytes of user_pt_regs.</summary>
    public static ArgumentRegisters Arm64 { get; } = new(272, 8, 16);

    /// <summary>Null on machines that nobody has looked at.</summary>
    public static ArgumentRegisters? For(Architecture architecture) => architecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        _ => null,
    };
}
