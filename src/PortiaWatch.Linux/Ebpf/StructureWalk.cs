using static PortiaWatch.Linux.Ebpf.BpfRegister;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// The part of a program that follows the kernel's structures from the task (R7) and copies what it finds into the event (R6). R8 walks, R9 holds on to
/// something meanwhile. A read that fails gives zeroes, so a broken chain ends in zeroes and needs no test at every step.
/// </summary>
internal sealed class StructureWalk(BpfAssembler code, KernelOffsets offsets)
{
    private const int PointerSlot = -40;
    private const int EndSlot = -48;
    private const int PointerBytes = 8;

    /// <summary>log2 of the size of <c>struct upid</c>: a number and a pointer.</summary>
    private const int NumberShift = 4;

    /// <summary>task → files → fdt → fd[n] → socket → sock. The descriptor stands in the frame.</summary>
    public void CopySocket(int descriptorSlot)
    {
        code.Move(R8, R7);
        Follow(offsets.TaskFiles);
        Follow(offsets.FilesTable);
        Follow(offsets.TableFiles);
        code.Load(BpfWidth.Double, R1, Frame, descriptorSlot).MoveLowerHalf(R1, R1).ShiftLeft(R1, 3).Add(R8, R1);
        Follow(0);
        code.Move(R9, R8);
        Follow(offsets.FileInode);
        Copy(offsets.InodeNumber, EventLayout.Inode, sizeof(ulong));
        code.Move(R8, R9);
        Follow(offsets.FilePrivate);
        Copy(offsets.SocketType, EventLayout.SocketType, sizeof(ushort));
        Follow(offsets.SocketSock);
        Copy(offsets.SockFamily, EventLayout.SocketFamily, sizeof(ushort));
        Copy(offsets.SockPort, EventLayout.SocketPort, sizeof(ushort));
        Copy(offsets.SockAddress4, EventLayout.SocketAddress4, 4);
        Copy(offsets.SockAddress6, EventLayout.SocketAddress6, 16);
        Follow(offsets.SockNetwork);
        Copy(offsets.NetworkInode, EventLayout.NetworkNamespace, sizeof(uint));
    }

    /// <summary>The process behind the thread: name, start, parent, and its number in its own pid namespace.</summary>
    public void CopyProcess()
    {
        code.Move(R8, R7);
        Follow(offsets.TaskParent);
        Copy(offsets.TaskTgid, EventLayout.Parent, sizeof(uint));
        code.Move(R8, R7);
        Follow(offsets.TaskLeader);
        Copy(offsets.TaskCommand, EventLayout.Command, EventLayout.CommandBytes);
        Copy(offsets.TaskStarted, EventLayout.Started, sizeof(ulong));
        Follow(offsets.TaskPid);
        Fetch(offsets.PidLevel, sizeof(uint));
        code
            .Load(BpfWidth.Word, R1, Frame, PointerSlot)
            .ShiftLeft(R1, NumberShift)
            .Add(R8, R1);
        Copy(offsets.PidNumbers, EventLayout.NestedProcess, sizeof(uint));
        Follow(offsets.PidNumbers + offsets.NumberNamespace);
        Copy(offsets.PidNamespaceInode, EventLayout.PidNamespace, sizeof(uint));
    }

    /// <summary>The arguments as the program sees them, behind the address, at most as many bytes as the event has room for. Leaves their number in R9.</summary>
    public void CopyCommandLine()
    {
        code.Move(R8, R7);
        Follow(offsets.TaskMemory);
        Fetch(offsets.MemoryArgumentsEnd, PointerBytes);
        code.Load(BpfWidth.Double, R1, Frame, PointerSlot).Store(BpfWidth.Double, Frame, EndSlot, R1);
        Follow(offsets.MemoryArgumentsStart);
        code
            .Load(BpfWidth.Double, R9, Frame, EndSlot)
            .Subtract(R9, R8)
            .Store(BpfWidth.Word, R6, EventLayout.CommandLineTotal, R9)
            .JumpIfAtMost(R9, EventLayout.MaxCommandLineBytes, "arguments fit")
            .Move(R9, EventLayout.MaxCommandLineBytes)
            .Mark("arguments fit")
            .Load(BpfWidth.Word, R1, R6, EventLayout.AddressLength)
            .JumpIfAtMost(R1, EventLayout.MaxAddressBytes, "address fits")
            .Move(R1, EventLayout.MaxAddressBytes)
            .Mark("address fits")
            .Add(R1, R6)
            .Add(R1, EventLayout.HeadBytes)
            .Move(R2, R9)
            .Move(R3, R8)
            .Call(BpfFunction.ReadUser)
            .JumpIfEqual(R0, 0, "arguments read")
            .Move(R9, 0)
            .Mark("arguments read");
    }

    /// <summary>R8 becomes the pointer that stands at R8 + offset.</summary>
    private void Follow(int offset)
    {
        Fetch(offset, PointerBytes);
        code.Load(BpfWidth.Double, R8, Frame, PointerSlot);
    }

    private void Fetch(int offset, int size)
    {
        code.Move(R1, Frame).Add(R1, PointerSlot);
        Read(offset, size);
    }

    private void Copy(int offset, int eventOffset, int size)
    {
        code.Move(R1, R6).Add(R1, eventOffset);
        Read(offset, size);
    }

    private void Read(int offset, int size) => code.Move(R2, size).Move(R3, R8).Add(R3, offset).Call(BpfFunction.ReadKernel);
}
