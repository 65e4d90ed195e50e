namespace PortiaWatch.Darwin.Tests.Support;

/// <summary>One control block to be written by <see cref="PcblistBuilder"/>: a listener on 127.0.0.1 unless it says otherwise.</summary>
internal sealed record PcblistRow
{
    public byte AddressFlags { get; init; } = 1;

    /// <summary>Four or sixteen bytes.</summary>
    public byte[] Address { get; init; } = [127, 0, 0, 1];

    public required ushort Port { get; init; }

    public ushort RemotePort { get; init; }

    public int State { get; init; } = 1;

    public uint Uid { get; init; } = 501;

    public int LastPid { get; init; }

    public int EffectivePid { get; init; }

    public ulong Socket { get; init; } = 1;

    public ulong Generation { get; init; } = 1;

    public short SocketState { get; init; }

    public bool HasSocket { get; init; } = true;
}
