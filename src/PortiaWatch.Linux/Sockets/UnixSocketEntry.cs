using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Sockets;

/// <summary>One named unix socket as the kernel reports it.</summary>
internal sealed record UnixSocketEntry
{
    private const int MessageBytes = 16;
    private const int AttributeName = 0;
    private const int AttributeFile = 1;
    private const int AttributeUid = 7;

    /// <summary>A path, or <c>@</c> and an abstract name.</summary>
    public required string Name { get; init; }

    public required bool IsListening { get; init; }

    public required ulong Inode { get; init; }

    /// <summary>Inode of the socket file; null for abstract names and where the kernel does not say.</summary>
    public uint? FileInode { get; init; }

    /// <summary>Device of the socket file in the kernel's own encoding: major shifted by 20, plus minor.</summary>
    public uint? FileDevice { get; init; }

    public uint? Uid { get; init; }

    public bool IsAbstract => Name.StartsWith('@');

    /// <summary>Reads struct unix_diag_msg with its attributes. False for a message that is too short and for sockets without a name.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, [NotNullWhen(true)] out UnixSocketEntry? entry)
    {
        entry = null;
        if (message.Length < MessageBytes || message[0] != Libc.AF_UNIX)
            return false;
        string? name = null;
        uint? fileInode = null;
        uint? fileDevice = null;
        uint? uid = null;
        var attributes = new NetlinkAttributes(message[MessageBytes..]);
        while (attributes.MoveNext())
        {
            ReadOnlySpan<byte> value = attributes.Value;
            if (attributes.Type == AttributeName)
                name = ReadName(value);
            else if (attributes.Type == AttributeFile && value.Length >= 8)
                (fileInode, fileDevice) = (BinaryPrimitives.ReadUInt32LittleEndian(value), BinaryPrimitives.ReadUInt32LittleEndian(value[4..]));
            else if (attributes.Type == AttributeUid && value.Length >= 4)
                uid = BinaryPrimitives.ReadUInt32LittleEndian(value);
        }

        if (name is null)
            return false;
        entry = new UnixSocketEntry
        {
            Name = name,
            IsListening = message[2] == SocketStates.Listen,
            Inode = BinaryPrimitives.ReadUInt32LittleEndian(message[4..]),
            FileInode = fileInode,
            FileDevice = fileDevice,
            Uid = uid,
        };
        return true;
    }

    // An abstract name starts with zero and may hold more of them; a path may end in one.
    private static string? ReadName(ReadOnlySpan<byte> name)
    {
        bool isAbstract = name.Length > 0 && name[0] == 0;
        ReadOnlySpan<byte> text = name.TrimEnd((byte)0);
        if (text.IsEmpty)
            return null;
        return isAbstract ? "@" + Encoding.UTF8.GetString(text[1..]).Replace('\0', '@') : Encoding.UTF8.GetString(text);
    }
}
