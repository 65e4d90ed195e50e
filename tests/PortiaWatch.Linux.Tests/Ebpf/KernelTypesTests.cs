using System.Buffers.Binary;
using System.Text;
using PortiaWatch.Linux.Ebpf;

namespace PortiaWatch.Linux.Tests.Ebpf;

public sealed class KernelTypesTests
{
    private const uint Struct = 4u << 24;
    private const uint Union = 5u << 24;
    private const uint Integer = 1u << 24;
    private const uint Typedef = 8u << 24;
    private const uint HasBitfields = 1u << 31;

    // 1 int; 2 struct inner { 1 id, 1 port@4 }; 3 typedef → 2; 4 union { inner nested@0 }; 5 struct outer { int first, 3 embedded@8, nameless 4 @16, bitfield }
    private static readonly byte[] s_sample = Blob(
        ["int", "inner", "id", "port", "alias", "nested", "outer", "first", "embedded", "flag"],
        [
            [Name(0), Integer, 4, 0],
            [Name(1), Struct | 2, 8, Name(2), 1, 0, Name(3), 1, 32],
            [Name(4), Typedef, 2],
            [0, Union | 1, 8, Name(5), 2, 0],
            [Name(6), Struct | HasBitfields | 4, 32, Name(7), 1, 0, Name(8), 3, 64, 0, 4, 128, Name(9), 1, (1u << 24) | 193],
        ]);

    [Theory]
    [InlineData("first", 0)]
    [InlineData("embedded", 8)]
    [InlineData("embedded.port", 12)]
    [InlineData("nested.id", 16)]
    [InlineData("nested.port", 20)]
    public void Types_Path_GivesItsOffset(string path, int expected)
    {
        KernelTypes types = Parse();

        Assert.True(types.TryOffset(types.Find("outer"u8), Encoding.ASCII.GetBytes(path), out int offset));
        Assert.Equal(expected, offset);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("embedded.absent")]
    [InlineData("first.port")]
    [InlineData("firs")]
    [InlineData("firstly")]
    [InlineData("flag")]
    [InlineData("")]
    public void Types_NoSuchMember_IsRefused(string path)
    {
        KernelTypes types = Parse();

        Assert.False(types.TryOffset(types.Find("outer"u8), Encoding.ASCII.GetBytes(path), out _));
    }

    [Fact]
    public void Types_NoSuchStructure_IsNotFound() => Assert.Equal(0, Parse().Find("int"u8));

    [Fact]
    public void Types_WithoutTheStructures_GiveNoOffsets() => Assert.Null(KernelOffsets.Read(Parse()));

    [Fact]
    public void Types_AnyBytes_NeverThrow()
    {
        Random random = new(11);
        int understood = 0;
        for (int round = 0; round < 50_000; round++)
        {
            byte[] bytes = s_sample[..random.Next(s_sample.Length * 3 / 4, s_sample.Length + 1)];
            for (int changes = random.Next(6); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (KernelTypes.Parse(bytes) is not { } types)
                continue;
            understood++;
            types.TryOffset(types.Find("outer"u8), "nested.port"u8, out _);
        }

        Assert.InRange(understood, 100, 50_000);
    }

    [Fact]
    public void Types_ThatContainThemselves_ComeToAnEnd()
    {
        byte[] bytes = Blob(["loop"], [[Name(0), Struct | 1, 8, 0, 1, 0], [0, Typedef, 2]]);
        KernelTypes types = KernelTypes.Parse(bytes) ?? throw new InvalidOperationException();

        Assert.False(types.TryOffset(1, "absent"u8, out _));
        Assert.False(types.TryOffset(2, "absent"u8, out _));
    }

    [SkippableFact]
    public void Types_OfThisKernel_HaveEveryOffset()
    {
        Skip.IfNot(File.Exists("/sys/kernel/btf/vmlinux"), "this kernel was built without BTF");

        Assert.NotNull(KernelOffsets.OfRunningKernel());
    }

    private static KernelTypes Parse() => KernelTypes.Parse(s_sample) ?? throw new InvalidOperationException("the sample is no BTF");

    // Names stand behind a first empty one, eleven bytes each.
    private static uint Name(uint index) => 1 + (index * 11);

    private static byte[] Blob(string[] names, uint[][] types)
    {
        uint[] words = [.. types.SelectMany(type => type)];
        byte[] strings = new byte[1 + (names.Length * 11)];
        for (int i = 0; i < names.Length; i++)
            Encoding.ASCII.GetBytes(names[i]).CopyTo(strings, 1 + (i * 11));
        byte[] bytes = new byte[24 + (words.Length * 4) + strings.Length];
        uint[] header = [0x0001eb9f, 24, 0, (uint)words.Length * 4, (uint)words.Length * 4, (uint)strings.Length];
        for (int i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), header[i]);
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24 + (i * 4)), words[i]);
        strings.CopyTo(bytes, bytes.Length - strings.Length);
        return bytes;
    }
}
