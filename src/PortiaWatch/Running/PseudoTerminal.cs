using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>
/// A terminal of the command's own. We keep the master; the command opens the slave by its name and so makes it its controlling terminal.
/// </summary>
internal sealed class PseudoTerminal : IDisposable
{
    // Held open, so that the master does not report an end while the command lives with its descriptors closed for a moment.
    private readonly Descriptor _slave;

    private PseudoTerminal(Descriptor master, Descriptor slave, byte[] name)
    {
        Master = master;
        _slave = slave;
        Name = name;
    }

    /// <summary>Does not block.</summary>
    public Descriptor Master { get; }

    /// <summary>Path of the slave, ended by a zero.</summary>
    public byte[] Name { get; }

    public TerminalModes? Modes => TerminalModes.Of(_slave.Number);

    /// <summary>The process group that gets what Ctrl-C and Ctrl-Z send.</summary>
    public int Foreground => Libc.tcgetpgrp(Master.Number);

    /// <param name="modes">What the command finds: the settings of the real terminal; null: as the system makes them.</param>
    /// <param name="size">Null: as the system makes it.</param>
    public static unsafe PseudoTerminal Open(TerminalModes? modes, Libc.WindowSize? size)
    {
        var master = new Descriptor(Libc.posix_openpt(Libc.O_RDWR | Abi.O_NOCTTY | (OperatingSystem.IsMacOS() ? 0 : Abi.O_CLOEXEC)));
        byte[] name = new byte[256];
        Descriptor? slave = null;
        try
        {
            if (master.IsInvalid || Libc.grantpt(master.Number) != 0 || Libc.unlockpt(master.Number) != 0)
                throw Libc.Failure("posix_openpt");
            if (OperatingSystem.IsMacOS())
                _ = Libc.Ioctl(master.Number, Abi.FIOCLEX, null);
            fixed (byte* at = name)
            {
                _ = Libc.ptsname_r(master.Number, at, (nuint)name.Length);
                slave = new Descriptor(Libc.open(at, Libc.O_RDWR | Abi.O_NOCTTY | Abi.O_CLOEXEC));
            }

            if (slave.IsInvalid)
                throw Libc.Failure("opening the pseudo-terminal");
            modes?.ApplyTo(slave.Number);
            Libc.SetNonBlocking(master);
            var terminal = new PseudoTerminal(master, slave, name);
            terminal.Resize(size);
            return terminal;
        }
        catch
        {
            slave?.Dispose();
            master.Dispose();
            throw;
        }
    }

    /// <summary>The kernel tells the command (SIGWINCH) when it differs from before.</summary>
    public unsafe void Resize(Libc.WindowSize? size)
    {
        if (size is { } given)
            _ = Libc.Ioctl(Master.Number, Abi.TIOCSWINSZ, &given);
    }

    public void Dispose()
    {
        _slave.Dispose();
        Master.Dispose();
    }
}
