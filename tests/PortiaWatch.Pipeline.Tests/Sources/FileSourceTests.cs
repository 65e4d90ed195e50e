using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Pipeline.Tests.Sources;

/// <summary>With nothing but what .NET itself offers: the fallback of a platform that tells no inodes.</summary>
public sealed class FileSourceTests : FileSourceSuite
{
    protected override Func<SafeFileHandle, (ulong Device, ulong Inode)?> Identify => _ => null;

    protected override Func<string, SafeFileHandle?>? Open => null;
}
