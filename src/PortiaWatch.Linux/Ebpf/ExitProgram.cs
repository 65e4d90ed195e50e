using static PortiaWatch.Linux.Ebpf.BpfRegister;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// The program on the exit of bind or listen. On the way that nearly every call takes it loads the result, compares, and leaves; what it sends is laid out by
/// <see cref="EventLayout"/>. R6 is the event under construction, R7 the task, R8 and R9 are free.
/// </summary>
internal sealed class ExitProgram
{
    // struct syscall_trace_exit as perf_call_bpf_exit passes it: 8 bytes hidden, number, result.
    private const int ContextResult = 16;
    private const int AddressInUse = -98;

    // The frame, downwards.
    private const int KeySlot = -8;
    private const int DescriptorSlot = -16;
    private const int AddressSlot = -24;
    private const int AddressLengthSlot = -32;

    private readonly BpfAssembler _code = new();
    private readonly SensorPlan _plan;
    private readonly SensorMaps _maps;

    private ExitProgram(SensorPlan plan, SensorMaps maps)
    {
        _plan = plan;
        _maps = maps;
    }

    /// <summary>Sends every bind that gave EADDRINUSE.</summary>
    public static byte[] ForBind(SensorPlan plan, SensorMaps maps)
    {
        ExitProgram program = new(plan, maps);
        program._code
            .Load(BpfWidth.Double, R2, R1, ContextResult)
            .JumpIfNotEqual(R2, AddressInUse, "leave");
        program.BeginEvent();
        program._code.Store(BpfWidth.Word, R6, EventLayout.Kind, (int)KernelEventKind.BindRefused);
        program.FetchArguments();
        program.CopyAddress();
        program.FollowStructures(isRefusal: true);
        return program.Send();
    }

    /// <summary>Sends every listen that gave EADDRINUSE, and every one that succeeded.</summary>
    public static byte[] ForListen(SensorPlan plan, SensorMaps maps)
    {
        ExitProgram program = new(plan, maps);
        program._code
            .Load(BpfWidth.Double, R9, R1, ContextResult)
            .JumpIfEqual(R9, 0, "wanted")
            .JumpIfNotEqual(R9, AddressInUse, "leave")
            .Mark("wanted");
        program.BeginEvent();
        program._code
            .Store(BpfWidth.Word, R6, EventLayout.Kind, (int)KernelEventKind.Listening)
            .JumpIfEqual(R9, 0, "kind known")
            .Store(BpfWidth.Word, R6, EventLayout.Kind, (int)KernelEventKind.ListenRefused)
            .Mark("kind known")
            .Store(BpfWidth.Word, R6, EventLayout.AddressLength, 0);
        program.FetchArguments();
        program.FollowStructures(isRefusal: false);
        return program.Send();
    }

    private void BeginEvent()
    {
        LookUp(_maps.Scratch.DangerousGetHandle(), key: 0);
        _code.Move(R6, R0);
        _code.Call(BpfFunction.MonotonicTime).Store(BpfWidth.Double, R6, EventLayout.Time, R0);
        _code.Call(BpfFunction.CurrentPidTgid).Store(BpfWidth.Double, R6, EventLayout.Thread, R0);
        _code.Call(BpfFunction.CurrentUidGid).Store(BpfWidth.Word, R6, EventLayout.Uid, R0);
        _code.Move(R1, R6).Add(R1, EventLayout.Command).Move(R2, EventLayout.CommandBytes).Call(BpfFunction.CurrentCommand);
        for (int offset = EventLayout.Inode; offset < EventLayout.Command; offset += sizeof(ulong))
            _code.Store(BpfWidth.Double, R6, offset, 0);
    }

    /// <summary>Puts descriptor, address and its length into the frame, and the first and last into the event.</summary>
    private void FetchArguments()
    {
        if (_plan.Registers is { } registers)
        {
            _code.Call(BpfFunction.CurrentTask).Move(R1, R0).Call(BpfFunction.TaskRegisters);
            FetchArgument(registers.First, DescriptorSlot);
            FetchArgument(registers.Second, AddressSlot);
            FetchArgument(registers.Third, AddressLengthSlot);
        }
        else if (_maps.Arguments is { } arguments)
        {
            _code.Call(BpfFunction.CurrentPidTgid).Store(BpfWidth.Double, Frame, KeySlot, R0);
            _code.LoadMap(R1, (int)arguments.DangerousGetHandle()).Move(R2, Frame).Add(R2, KeySlot).Call(BpfFunction.MapLookup);
            _code.JumpIfEqual(R0, 0, "leave");
            FetchArgument(EntryProgram.DescriptorAt, DescriptorSlot);
            FetchArgument(EntryProgram.AddressAt, AddressSlot);
            FetchArgument(EntryProgram.AddressLengthAt, AddressLengthSlot);
        }

        _code.Load(BpfWidth.Double, R1, Frame, DescriptorSlot).Store(BpfWidth.Word, R6, EventLayout.Descriptor, R1);
    }

    private void FetchArgument(int offset, int slot) => _code.Load(BpfWidth.Double, R1, R0, offset).Store(BpfWidth.Double, Frame, slot, R1);

    /// <summary>
    /// The program's own words, out of its own memory: another of its threads may have changed them since, so a program can lie about the address that it
    /// was refused, but only about its own calls.
    /// </summary>
    private void CopyAddress()
    {
        _code
            .Load(BpfWidth.Double, R2, Frame, AddressLengthSlot)
            .MoveLowerHalf(R2, R2)
            .Store(BpfWidth.Word, R6, EventLayout.AddressLength, R2)
            .JumpIfAtMost(R2, EventLayout.MaxAddressBytes, "fits")
            .Move(R2, EventLayout.MaxAddressBytes)
            .Mark("fits")
            .Move(R1, R6)
            .Add(R1, EventLayout.HeadBytes)
            .Load(BpfWidth.Double, R3, Frame, AddressSlot)
            .Call(BpfFunction.ReadUser)
            .JumpIfEqual(R0, 0, "address read")
            .Store(BpfWidth.Word, R6, EventLayout.AddressLength, EventLayout.AddressUnread)
            .Mark("address read");
    }

    private void FollowStructures(bool isRefusal)
    {
        if (_plan.Offsets is not { } offsets)
        {
            _code.Move(R9, 0);
            return;
        }

        StructureWalk walk = new(_code, offsets);
        _code.Call(BpfFunction.CurrentTaskAddress).Move(R7, R0);
        walk.CopySocket(DescriptorSlot);
        walk.CopyProcess();
        if (isRefusal)
            walk.CopyCommandLine();
        else
            _code.Move(R9, 0);
    }

    /// <summary>R9 is the length of the command line. Returns 1: 0 would silence the perf events that other tools have on the same tracepoint.</summary>
    private byte[] Send()
    {
        _code
            .Store(BpfWidth.Half, R6, EventLayout.CommandLineLength, R9)
            .Load(BpfWidth.Word, R3, R6, EventLayout.AddressLength)
            .JumpIfAtMost(R3, EventLayout.MaxAddressBytes, "length known")
            .Move(R3, EventLayout.MaxAddressBytes)
            .Mark("length known")
            .Add(R3, R9)
            .Add(R3, EventLayout.HeadBytes)
            .LoadMap(R1, (int)_maps.Ring.DangerousGetHandle())
            .Move(R2, R6)
            .Move(R4, 0)
            .Call(BpfFunction.RingOutput)
            .JumpIfEqual(R0, 0, "leave");
        LookUp(_maps.Dropped.DangerousGetHandle(), key: 0);
        return _code
            .Move(R1, 1)
            .AtomicAdd(R0, 0, R1)
            .Mark("leave")
            .Move(R0, 1)
            .Exit()
            .Build();
    }

    private void LookUp(nint map, int key) => _code
        .Store(BpfWidth.Word, Frame, KeySlot, key)
        .LoadMap(R1, (int)map)
        .Move(R2, Frame)
        .Add(R2, KeySlot)
        .Call(BpfFunction.MapLookup)
        .JumpIfEqual(R0, 0, "leave");
}
