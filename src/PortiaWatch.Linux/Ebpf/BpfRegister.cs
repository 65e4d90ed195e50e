namespace PortiaWatch.Linux.Ebpf;

/// <summary>The machine's registers. A call takes its arguments in R1 to R5, destroys them and answers in R0; R6 to R9 survive it; R10 is the frame.</summary>
internal enum BpfRegister : byte
{
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    Frame,
}
