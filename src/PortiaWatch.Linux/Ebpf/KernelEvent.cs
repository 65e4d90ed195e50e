using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>One record of the ring, read. Numbers of processes are those of the first pid namespace.</summary>
internal sealed record KernelEvent
{
    public required KernelEventKind Kind { get; init; }

    /// <summary>CLOCK_MONOTONIC.</summary>
    public required ulong TimeNanoseconds { get; init; }

    public required int Process { get; init; }

    public required uint Uid { get; init; }

    public required int Descriptor { get; init; }

    /// <summary>Short name of the process (of the thread, where the kernel's types are not known); hostile text.</summary>
    public required string Name { get; init; }

    /// <summary>What bind was given, as <c>struct sockaddr</c>; empty for listen, and where it could not be read.</summary>
    public required ReadOnlyMemory<byte> Address { get; init; }

    /// <summary>The socket's own family, type, port and addresses; null where the kernel's types are not known.</summary>
    public SeenSocket? Socket { get; init; }

    /// <summary>Nanoseconds since boot; null where the kernel's types are not known, like all that follow.</summary>
    public ulong? StartedNanoseconds { get; init; }

    public int? Parent { get; init; }

    public uint? PidNamespace { get; init; }

    /// <summary>The process as <see cref="PidNamespace"/> numbers it.</summary>
    public int? NestedProcess { get; init; }

    /// <summary>The arguments; null when they could not be read.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>True when <see cref="Command"/> is only the beginning.</summary>
    public bool IsCommandCut { get; init; }

    /// <summary>Reads what the programs wrote. False for anything else: too short, an unknown kind, lengths that do not fit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out KernelEvent? parsed)
    {
        parsed = null;
        if (bytes.Length < EventLayout.HeadBytes)
            return false;
        KernelEventKind kind = (KernelEventKind)UInt32(bytes, EventLayout.Kind);
        int process = (int)UInt32(bytes, EventLayout.Process);
        int addressLength = (int)UInt32(bytes, EventLayout.AddressLength);
        int commandAt = EventLayout.HeadBytes + (int)Math.Min((uint)addressLength, EventLayout.MaxAddressBytes);
        if (commandAt > bytes.Length || kind is not (KernelEventKind.BindRefused or KernelEventKind.ListenRefused or KernelEventKind.Listening) || process <= 0)
            return false;

        ulong started = BinaryPrimitives.ReadUInt64LittleEndian(bytes[EventLayout.Started..]);
        int commandLength = Math.Min(UInt16(bytes, EventLayout.CommandLineLength), bytes.Length - commandAt);
        bool isWalked = started != 0;
        parsed = new KernelEvent
        {
            Kind = kind,
            TimeNanoseconds = BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            Process = process,
            Uid = UInt32(bytes, EventLayout.Uid),
            Descriptor = (int)UInt32(bytes, EventLayout.Descriptor),
            Name = Text(bytes.Slice(EventLayout.Command, EventLayout.CommandBytes)),
            Address = addressLength is > 0 and <= EventLayout.MaxAddressBytes ? bytes.Slice(EventLayout.HeadBytes, addressLength).ToArray() : default,
            Socket = SeenSocket.Read(bytes),
            StartedNanoseconds = isWalked ? started : null,
            Parent = isWalked ? (int)UInt32(bytes, EventLayout.Parent) : null,
            PidNamespace = isWalked ? UInt32(bytes, EventLayout.PidNamespace) : null,
            NestedProcess = isWalked ? (int)UInt32(bytes, EventLayout.NestedProcess) : null,
            Command = Arguments(bytes.Slice(commandAt, commandLength)),
            IsCommandCut = UInt32(bytes, EventLayout.CommandLineTotal) > commandLength,
        };
        return true;
    }

    private static string[]? Arguments(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
            return null;
        if (line[^1] == 0)
            line = line[..^1];
        return Encoding.UTF8.GetString(line).Split('\0');
    }

    private static string Text(ReadOnlySpan<byte> padded)
    {
        int end = padded.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? padded : padded[..end]);
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
