using System.Runtime.InteropServices;

namespace PortiaWatch.Interop;

/// <summary>
/// Every number that Linux (glibc and musl, x64 and arm64) and macOS (both processors) do not share, each with its header. What both share stands
/// beside its function in
/// <see cref="Libc"/>.
/// </summary>
internal static class Abi
{
    // errno.h
    public static readonly int EAGAIN = IsMac ? 35 : 11;

    // fcntl.h
    public static readonly int O_NOCTTY = IsMac ? 0x20000 : 0x100;
    public static readonly int O_CLOEXEC = IsMac ? 0x1000000 : 0x80000;

    // sys/ioctl.h
    public static readonly nuint TIOCGWINSZ = IsMac ? 0x40087468u : 0x5413u;
    public static readonly nuint TIOCSWINSZ = IsMac ? 0x80087467u : 0x5414u;
    public static readonly nuint FIONBIO = IsMac ? 0x8004667Eu : 0x5421u;
    public static readonly nuint FIOCLEX = IsMac ? 0x20006601u : 0x5451u;

    // termios.h: places in struct termios, whose flags are 32 bits wide on Linux and 64 on macOS
    public static readonly int LocalFlagsOffset = IsMac ? 24 : 12;
    public static readonly int ControlCharactersOffset = IsMac ? 32 : 17;
    public static readonly uint ISIG = IsMac ? 0x80u : 0x1u;
    public static readonly uint ICANON = IsMac ? 0x100u : 0x2u;
    public static readonly int VINTR = IsMac ? 8 : 0;
    public static readonly int VQUIT = IsMac ? 9 : 1;
    public static readonly int VSUSP = 10;
    public static readonly int TCIFLUSH = IsMac ? 1 : 0;

    // signal.h
    public static readonly int SIGCONT = IsMac ? 19 : 18;
    public static readonly int SIGSTOP = IsMac ? 17 : 19;
    public static readonly int SIGTSTP = IsMac ? 18 : 20;
    public static readonly int SIGUSR1 = IsMac ? 30 : 10;
    public static readonly int SIGUSR2 = IsMac ? 31 : 12;
    public static readonly int SIG_BLOCK = IsMac ? 1 : 0;
    public static readonly int SIG_SETMASK = IsMac ? 3 : 2;

    // spawn.h
    public static readonly short POSIX_SPAWN_SETSID = (short)(IsMac ? 0x400 : 0x80);

    // sys/wait.h
    public static readonly int WSTOPPED = IsMac ? 8 : 2;
    public static readonly int WNOWAIT = IsMac ? 0x20 : 0x1000000;

    private static bool IsMac => OperatingSystem.IsMacOS();

    /// <summary>On Apple's arm64 the variadic part of an argument list is always on the stack, wherever it would be in a plain call.</summary>
    public static bool HasVariadicOnStack => IsMac && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
}
