using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Tests.Support;

/// <summary>Raw calls for tests that look after their own children.</summary>
internal static partial class Raw
{
    internal const int SIGKILL = 9;

    [LibraryImport("libc")]
    internal static partial int kill(int pid, int sig);
}
