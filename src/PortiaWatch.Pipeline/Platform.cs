using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline;

/// <summary>One operating system behind the five interfaces.</summary>
public sealed record Platform
{
    public required string Name { get; init; }

    public required Capabilities Capabilities { get; init; }

    public required ISocketTable Sockets { get; init; }

    public required IProcessTable Processes { get; init; }

    public required IStriker Striker { get; init; }

    public required INotifier Notifier { get; init; }

    /// <summary>The system's own sources, best first (kernel, then system log). Creating one costs nothing; reading it starts it.</summary>
    public required IReadOnlyList<ILogSource> Sources { get; init; }

    /// <summary>Device and inode of an open file, to tell a rotated file from the one before; null when the system does not say.</summary>
    public required Func<SafeFileHandle, (ulong Device, ulong Inode)?> FileIdentity { get; init; }

    /// <summary>Uid and gid of the file or folder at a path, links followed; null when the system does not say.</summary>
    public Func<string, (uint User, uint Group)?> FileOwner { get; init; } = static _ => null;

    /// <summary>Paths and globs of the files that servers on this system write into, looked up anew with each call. They join those that the user names.</summary>
    public Func<IReadOnlyList<string>> DefaultFiles { get; init; } = static () => [];

    /// <summary>
    /// Opens a regular file for reading, links followed, without ever waiting (a named pipe would); null when there is none. Throws
    /// <see cref="UnauthorizedAccessException"/> when it may not be read. Null where the platform has nothing better than the portable way.
    /// </summary>
    public Func<string, SafeFileHandle?>? OpenRegularFile { get; init; }

    /// <summary>Who is at the other end of a connected unix socket; null when the system does not say, and then nobody is to be believed.</summary>
    public Func<Socket, PeerCredentials?> PeerOf { get; init; } = static _ => null;

    /// <summary>
    /// Opens the system's structured journal for writing; null where there is none. What it returns writes one entry for an outcome, never waits, and is false when the
    /// entry was not taken. For one caller at a time.
    /// </summary>
    public Func<Func<Outcome, bool>?> OpenJournal { get; init; } = static () => null;

    /// <summary>Tries everything that the platform does, live, for <c>doctor</c>.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<PlatformCheck>>> CheckAsync { get; init; } = static _ => Task.FromResult<IReadOnlyList<PlatformCheck>>([]);

    /// <summary>
    /// The part that alone needs rights over the kernel, as a service for every user's watcher: runs until cancelled, and calls back when it is ready. Null where there
    /// is no such thing.
    /// </summary>
    public Func<Action, CancellationToken, Task>? RunSensorAsync { get; init; }

    /// <summary>That part as a service of the whole system, for <c>install --kernel</c>; null where there is no such thing.</summary>
    public UserService? SensorService { get; init; }

    /// <summary>For <c>install</c>, <c>uninstall</c> and <c>status</c>; null where there is no such thing.</summary>
    public UserService? Service { get; init; }
}
