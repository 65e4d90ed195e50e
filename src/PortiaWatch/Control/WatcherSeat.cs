using System.Globalization;
using System.Net.Sockets;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Control;

/// <summary>
/// The seat of the one watcher that a user has: a locked file, which the system unlocks however the watcher ends, and the listening socket. Who has the lock may replace what
/// an earlier watcher left behind, so two that start at once cannot both win.
/// </summary>
internal sealed class WatcherSeat : IDisposable
{
    private const string HolderName = "watch.pid";

    // EWOULDBLOCK as IOException carries it: asm-generic/errno-base.h, bsd/sys/errno.h.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    // Programs that are refused in one burst wait here until they are accepted.
    private const int Backlog = 128;

    private readonly FileStream _lock;

    private WatcherSeat(FileStream taken, Socket listener)
    {
        _lock = taken;
        Listener = listener;
    }

    public Socket Listener { get; }

    /// <summary>Takes the seat.</summary>
    /// <exception cref="UsageException">Another watcher has it; the message says who.</exception>
    /// <exception cref="ControlUnavailableException">There can be none here.</exception>
    public static WatcherSeat Take(Platform platform, DateTimeOffset now)
    {
        string folder = RuntimeFolder.Prepare(platform);
        FileStream? taken = null;
        try
        {
            taken = Lock(folder, now);
            var seat = new WatcherSeat(taken, Listen(Path.Combine(folder, RuntimeFolder.SocketName)));
            taken = null;
            return seat;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            // ArgumentException: the path is longer than a socket's name may be.
            throw new ControlUnavailableException(error.Message.TrimEnd('.'), error);
        }
        finally
        {
            taken?.Dispose();
        }
    }

    /// <summary>Closing the listener removes its file; the lock goes last.</summary>
    public void Dispose()
    {
        Listener.Dispose();
        _lock.Dispose();
    }

    private static FileStream Lock(string folder, DateTimeOffset now)
    {
        FileStream taken;
        try
        {
            taken = PrivateFiles.OpenAlone(Path.Combine(folder, RuntimeFolder.LockName), FileMode.OpenOrCreate);
        }
        catch (IOException error) when (error.HResult is LinuxWouldBlock or MacWouldBlock)
        {
            throw new UsageException(AlreadyRuns(Path.Combine(folder, HolderName)));
        }

        // Beside the lock, for whoever comes second: .NET reads no file that is locked like this.
        File.WriteAllText(Path.Combine(folder, HolderName), string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {now:O}\n"));
        return taken;
    }

    private static string AlreadyRuns(string holderFile)
    {
        string holder = File.Exists(holderFile) ? File.ReadAllText(holderFile) : "";
        string who = holder.Trim().Split(' ') is [var pid, var since] && DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset start)
            ? $" (pid {pid}, since {TimeZoneInfo.ConvertTime(start, TimeZoneInfo.Local).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)})"
            : "";
        return $"A watcher of yours runs already{who}; one is enough. See how it is with: portia status";
    }

    private static Socket Listen(string path)
    {
        Remove(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            PrivateFiles.Protect(path);
            listener.Listen(Backlog);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    // With the lock in our hands nobody of ours can be behind it. Should somebody answer all the same (a lock that the file system does not keep), he is respected.
    private static void Remove(string path)
    {
        if (!File.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }

        throw new UsageException(AlreadyRuns(Path.Combine(Path.GetDirectoryName(path) ?? "", HolderName)));
    }
}
