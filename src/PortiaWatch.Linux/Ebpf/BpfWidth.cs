namespace PortiaWatch.Linux.Ebpf;

/// <summary>Width of a load or store, as the opcode has it.</summary>
internal enum BpfWidth : byte
{
    Word = 0x00,
    Half = 0x08,
    Byte = 0x10,
    Double = 0x18,
}
