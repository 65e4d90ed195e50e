using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>The settings of a terminal (termios), as they were read.</summary>
internal readonly struct TerminalModes
{
    private readonly Libc.Termios _modes;

    private TerminalModes(Libc.Termios modes) => _modes = modes;

    /// <summary>Ctrl-C and Ctrl-Z are turned into signals.</summary>
    public bool MakesSignals => (LocalFlags & Abi.ISIG) != 0;

    /// <summary>Input is read line by line; false for programs that read single keys.</summary>
    public bool ReadsLines => (LocalFlags & Abi.ICANON) != 0;

    /// <summary>The same with every key and every byte passed as it is (cfmakeraw).</summary>
    public unsafe TerminalModes Raw
    {
        get
        {
            Libc.Termios modes = _modes;
            Libc.cfmakeraw(&modes);
            return new TerminalModes(modes);
        }
    }

    private uint LocalFlags => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(in _modes)[Abi.LocalFlagsOffset..]);

    /// <summary>Null when it is no terminal.</summary>
    public static unsafe TerminalModes? Of(int descriptor)
    {
        Libc.Termios modes = default;
        return Libc.tcgetattr(descriptor, &modes) == 0 ? new TerminalModes(modes) : null;
    }

    public unsafe void ApplyTo(int descriptor)
    {
        Libc.Termios modes = _modes;
        _ = Libc.tcsetattr(descriptor, Libc.TCSANOW, &modes);
    }

    /// <summary>The key behind a control character such as <see cref="Abi.VSUSP"/>.</summary>
    public byte Key(int index) => Bytes(in _modes)[Abi.ControlCharactersOffset + index];

    private static ReadOnlySpan<byte> Bytes(ref readonly Libc.Termios modes) => MemoryMarshal.AsBytes(new ReadOnlySpan<Libc.Termios>(in modes));
}
