using PortiaWatch.Control;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Running;

namespace PortiaWatch.Daemon;

/// <summary>Starts a watcher for a view that found none. It outlives the view.</summary>
/// <param name="platform">To see whether it runs.</param>
/// <param name="configuration">As the user named it; null for the standard file.</param>
internal sealed class WatcherStart(Platform platform, string? configuration)
{
    // A cold disk and a slow machine; usually it is half a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>What it says on standard error, from its last start on.</summary>
    private static string LogFile => Path.Combine(Folders.State, "watch.log");

    /// <summary>Returns when it answers, or when it is clear that it will not, with a sentence for the user.</summary>
    public async Task<(bool IsRunning, string Sentence)> RunAsync(CancellationToken cancellation)
    {
        if (Pid() is { } already)
            return (true, $"A watcher runs already, pid {already}.");
        try
        {
            Directory.CreateDirectory(Folders.State);
            await using (PrivateFiles.OpenAlone(LogFile, FileMode.Create))
            {
                // Empty and private before anybody writes to it.
            }

            if (!Detached.TryStart(WatcherProgram.Command(configuration), LogFile))
                return (false, "It could not be started. Try it in a terminal: portia watch");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (false, $"It could not be started: {PlainText.Clean(error.Message, 200)}");
        }

        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(BetweenLooks, cancellation);
            if (Pid() is { } pid)
                return (true, $"Watcher started, pid {pid}; it stays when this ends. Always: portia install");
        }

        return (false, $"The watcher did not start. {LastWords()}");
    }

    private int? Pid()
    {
        using ControlClient? client = ControlClient.TryConnect(platform);
        return client?.WatcherPid;
    }

    private static string LastWords()
    {
        try
        {
            return File.ReadLines(LogFile).LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) is { } line
                ? $"It said: {PlainText.Clean(line, 200)}"
                : "It said nothing. Try it in a terminal: portia watch";
        }
        catch (IOException)
        {
            return "Try it in a terminal: portia watch";
        }
    }
}
