using System.Runtime.InteropServices;
using PortiaWatch.Linux.Ebpf;
using static PortiaWatch.Linux.Ebpf.BpfRegister;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>Against the encodings that the instruction set's document gives.</summary>
public sealed class BpfAssemblerTests
{
    private readonly BpfAssembler _code = new();

    [Fact]
    public void Assembler_EachInstruction_IsEncodedAsDocumented()
    {
        byte[] built = _code
            .Move(R6, R1)
            .Move(R0, -98)
            .MoveLowerHalf(R2, R3)
            .Add(R1, -8)
            .Add(R8, R9)
            .Subtract(R9, R8)
            .ShiftLeft(R1, 3)
            .Load(BpfWidth.Double, R2, R1, 16)
            .Load(BpfWidth.Word, R2, R1, 16)
            .Store(BpfWidth.Half, R6, 70, R9)
            .Store(BpfWidth.Byte, Frame, -1, 5)
            .AtomicAdd(R0, 0, R1)
            .Call(BpfFunction.RingOutput)
            .Exit()
            .Build();

        Assert.Equal(
            [
                0x00000000_0000_16_bf,
                0xffffff9e_0000_00_b7,
                0x00000000_0000_32_bc,
                0xfffffff8_0000_01_07,
                0x00000000_0000_98_0f,
                0x00000000_0000_89_1f,
                0x00000003_0000_01_67,
                0x00000000_0010_12_79,
                0x00000000_0010_12_61,
                0x00000000_0046_96_6b,
                0x00000005_ffff_0a_72,
                0x00000000_0000_10_db,
                0x00000082_0000_00_85,
                0x00000000_0000_00_95,
            ],
            Words(built));
    }

    [Fact]
    public void Assembler_Map_TakesTwoInstructions() =>
        Assert.Equal([0x00000007_0000_11_18, 0], Words(_code.LoadMap(R1, 7).Build()));

    [Fact]
    public void Assembler_Jumps_CountFromTheNextInstruction()
    {
        byte[] built = _code
            .JumpIfEqual(R1, 0, "end")
            .JumpIfNotEqual(R1, -98, "end")
            .JumpIfAtMost(R2, 128, "middle")
            .LoadMap(R1, 3)
            .Mark("middle")
            .Move(R0, 1)
            .Mark("end")
            .Exit()
            .Build();

        Assert.Equal([0x00000000_0005_01_15, 0xffffff9e_0004_01_55, 0x00000080_0002_02_b5], Words(built)[..3]);
    }

    [Fact]
    public void Assembler_JumpToNowhere_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => _code.JumpIfEqual(R0, 0, "nowhere").Exit().Build());

    [Fact]
    public void Assembler_JumpBack_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => _code.Mark("start").JumpIfEqual(R0, 0, "start").Exit().Build());

    [Fact]
    public void Assembler_OffsetBeyondSixteenBits_IsRefused() => Assert.Throws<OverflowException>(() => _code.Load(BpfWidth.Word, R1, R2, 40_000));

    private static ulong[] Words(byte[] built) => MemoryMarshal.Cast<byte, ulong>(built).ToArray();
}
