using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using PortiaWatch.Darwin.Interop;

namespace PortiaWatch.Darwin.Processes;

/// <summary>
/// What KERN_PROCARGS2 gives: the number of arguments, the path of the executable, padding, the arguments, the environment. Same user or root only; the process can
/// write over it, so it is foreign text. The environment of an Apple-protected program is left out.
/// </summary>
internal sealed class ArgumentArea
{
    private static readonly int MaximumSize = ReadMaximumSize();

    private readonly byte[] _bytes;
    private readonly int _environmentStart;

    private ArgumentArea(byte[] bytes, string path, IReadOnlyList<string> arguments, int environmentStart)
    {
        _bytes = bytes;
        Path = path;
        Arguments = arguments;
        _environmentStart = environmentStart;
    }

    public string Path { get; }

    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Null when the process is gone, a zombie, or not ours to read (the kernel says EINVAL for all of them).</summary>
    public static ArgumentArea? Read(int pid)
    {
        // Too short a buffer does not fail but gets the tail of the area: always offer the maximum.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaximumSize);
        try
        {
            int errno = libSystem.sysctl([libSystem.CTL_KERN, libSystem.KERN_PROCARGS2, pid], buffer.AsSpan(0, MaximumSize), out int length);
            return errno == 0 ? Parse(buffer.AsSpan(0, Math.Min(length, MaximumSize))) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Null when the bytes cannot be such an area.</summary>
    public static ArgumentArea? Parse(ReadOnlySpan<byte> area)
    {
        if (area.Length < sizeof(int))
            return null;
        int count = BinaryPrimitives.ReadInt32LittleEndian(area);
        int at = sizeof(int);
        if (count < 0 || !TryTake(area, ref at, out string path))
            return null;
        while (at < area.Length && area[at] == 0)
            at++;
        List<string> arguments = [];
        while (arguments.Count < count && TryTake(area, ref at, out string argument))
            arguments.Add(argument);
        return new ArgumentArea(area.ToArray(), path, arguments, at);
    }

    /// <summary>Value of a variable as the program was started with it; null when it is not there.</summary>
    public string? Environment(string name)
    {
        int at = _environmentStart;
        string prefix = name + "=";

        // An empty string ends the environment; the loader's own strings follow.
        while (TryTake(_bytes, ref at, out string entry) && entry.Length > 0)
        {
            if (entry.StartsWith(prefix, StringComparison.Ordinal))
                return entry[prefix.Length..];
        }

        return null;
    }

    private static bool TryTake(ReadOnlySpan<byte> area, ref int at, out string text)
    {
        text = "";
        if (at >= area.Length)
            return false;
        int length = area[at..].IndexOf((byte)0);
        if (length < 0)
            length = area.Length - at;
        text = Encoding.UTF8.GetString(area.Slice(at, length));
        at += length + 1;
        return true;
    }

    private static int ReadMaximumSize()
    {
        const int usual = 1024 * 1024;
        Span<byte> value = stackalloc byte[sizeof(int)];
        int errno = libSystem.sysctl([libSystem.CTL_KERN, libSystem.KERN_ARGMAX], value, out int length);
        int size = errno == 0 && length == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(value) : usual;

        // More than ARG_MAX + 4 is refused with EINVAL.
        return Math.Clamp(size, 4096, usual);
    }
}
