using Microsoft.Win32.SafeHandles;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline.Tests.Sources;

namespace PortiaWatch.Linux.Tests.Sources;

public sealed class LinuxFileSourceTests : FileIdentitySuite
{
    protected override Func<SafeFileHandle, (ulong Device, ulong Inode)?> Identify => RegularFile.Identify;

    protected override Func<string, SafeFileHandle?>? Open => RegularFile.Open;
}
