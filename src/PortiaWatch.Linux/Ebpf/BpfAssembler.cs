using System.Runtime.InteropServices;
using static PortiaWatch.Linux.Ebpf.BpfRegister;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// Writes BPF instructions one after the other (Documentation/bpf/standardization/instruction-set.rst). Eight bytes each: opcode, registers, offset, immediate.
/// Jumps name a label; <see cref="Build"/> fills in the distances. Branches only go forward, as every verifier takes them.
/// </summary>
internal sealed class BpfAssembler
{
    private const byte ClassLoadImmediate = 0x18;
    private const byte ClassLoad = 0x61;
    private const byte ClassStoreImmediate = 0x62;
    private const byte ClassStore = 0x63;
    private const byte AtomicAddDouble = 0xdb;
    private const byte PseudoMapDescriptor = 1;

    private readonly List<ulong> _instructions = [];
    private readonly Dictionary<string, int> _marks = [];
    private readonly List<(int Instruction, string Label)> _jumps = [];

    public int Count => _instructions.Count;

    public BpfAssembler Move(BpfRegister to, BpfRegister from) => Emit(0xbf, to, from);

    public BpfAssembler Move(BpfRegister to, int value) => Emit(0xb7, to, immediate: value);

    /// <summary>Copies the lower half and clears the upper: how an <c>int</c> argument must be taken out of a register.</summary>
    public BpfAssembler MoveLowerHalf(BpfRegister to, BpfRegister from) => Emit(0xbc, to, from);

    public BpfAssembler Add(BpfRegister to, int value) => Emit(0x07, to, immediate: value);

    public BpfAssembler Add(BpfRegister to, BpfRegister from) => Emit(0x0f, to, from);

    public BpfAssembler Subtract(BpfRegister to, BpfRegister from) => Emit(0x1f, to, from);

    public BpfAssembler ShiftLeft(BpfRegister to, int bits) => Emit(0x67, to, immediate: bits);

    public BpfAssembler Load(BpfWidth width, BpfRegister to, BpfRegister address, int offset) =>
        Emit((byte)(ClassLoad | (byte)width), to, address, offset);

    public BpfAssembler Store(BpfWidth width, BpfRegister address, int offset, BpfRegister from) =>
        Emit((byte)(ClassStore | (byte)width), address, from, offset);

    public BpfAssembler Store(BpfWidth width, BpfRegister address, int offset, int value) =>
        Emit((byte)(ClassStoreImmediate | (byte)width), address, offset: offset, immediate: value);

    public BpfAssembler AtomicAdd(BpfRegister address, int offset, BpfRegister from) => Emit(AtomicAddDouble, address, from, offset);

    /// <summary>The map that a descriptor of ours stands for; the kernel puts its address in while loading.</summary>
    public BpfAssembler LoadMap(BpfRegister to, int descriptor)
    {
        Emit(ClassLoadImmediate, to, (BpfRegister)PseudoMapDescriptor, immediate: descriptor);
        _instructions.Add(0);
        return this;
    }

    public BpfAssembler Call(BpfFunction helper) => Emit(0x85, R0, immediate: (int)helper);

    public BpfAssembler Exit() => Emit(0x95, R0);

    public BpfAssembler JumpIfEqual(BpfRegister left, int right, string label) => EmitJump(0x15, left, right, label);

    public BpfAssembler JumpIfNotEqual(BpfRegister left, int right, string label) => EmitJump(0x55, left, right, label);

    /// <summary>Unsigned; the immediate is sign-extended first.</summary>
    public BpfAssembler JumpIfAtMost(BpfRegister left, int right, string label) => EmitJump(0xb5, left, right, label);

    /// <summary>The next instruction is where jumps to <paramref name="label"/> arrive.</summary>
    public BpfAssembler Mark(string label)
    {
        _marks.Add(label, _instructions.Count);
        return this;
    }

    /// <summary>The finished instructions as the kernel reads them. Throws <see cref="InvalidOperationException"/> for a jump that goes back or nowhere.</summary>
    public byte[] Build()
    {
        foreach ((int instruction, string label) in _jumps)
        {
            if (!_marks.TryGetValue(label, out int target) || target <= instruction)
                throw new InvalidOperationException($"the jump at {instruction} to '{label}' does not go forward");
            _instructions[instruction] |= (ulong)(ushort)checked((short)(target - instruction - 1)) << 16;
        }

        _jumps.Clear();
        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_instructions)).ToArray();
    }

    private BpfAssembler EmitJump(byte opcode, BpfRegister left, int right, string label)
    {
        _jumps.Add((_instructions.Count, label));
        return Emit(opcode, left, immediate: right);
    }

    private BpfAssembler Emit(byte opcode, BpfRegister destination, BpfRegister source = R0, int offset = 0, int immediate = 0)
    {
        _instructions.Add(
            opcode
            | ((ulong)destination << 8)
            | ((ulong)source << 12)
            | ((ulong)(ushort)checked((short)offset) << 16)
            | ((ulong)(uint)immediate << 32));
        return this;
    }
}
