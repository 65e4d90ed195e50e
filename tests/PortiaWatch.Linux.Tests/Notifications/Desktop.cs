using System.Diagnostics;
using System.Globalization;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Notifications;

/// <summary>A desktop session of one's own: an X server without a screen, a session bus and, if wished, xfce4-notifyd. Ended by their own pids.</summary>
internal sealed class Desktop : IAsyncDisposable
{
    private const string Service = "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];

    private Desktop()
    {
        Session = new Dictionary<string, string?>
        {
            ["HOME"] = _folder.Path,
            ["XDG_RUNTIME_DIR"] = _folder.Path,
            ["XDG_CONFIG_HOME"] = null,
            ["WAYLAND_DISPLAY"] = null,
            ["NO_AT_BRIDGE"] = "1",
        };
    }

    /// <summary>What a program needs to belong to this session.</summary>
    public Dictionary<string, string?> Session { get; }

    public static async Task<Desktop> StartAsync(bool withNotifications)
    {
        foreach (var tool in new[] { "Xvfb", "dbus-daemon", "notify-send", "xdotool", "gdbus" })
            Require.Tool(tool);
        Require.That(File.Exists(Service), "xfce4-notifyd is not installed");
        var desktop = new Desktop();
        try
        {
            desktop.Session["DISPLAY"] = ":" + await desktop.StartPartAsync("Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1280x800x24");

            // A bus that starts no services: what answers is what the test has started, or nobody.
            desktop._folder.Write("bus.conf", """
                <busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
                <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>
                """);
            desktop.Session["DBUS_SESSION_BUS_ADDRESS"] = await desktop.StartPartAsync("dbus-daemon", $"--config-file={desktop._folder["bus.conf"]}", "--nofork", "--print-address=1");
            if (withNotifications)
            {
                desktop.Start(Service);
                await desktop.RunAsync("gdbus", "wait", "--session", "--timeout", "20", "org.freedesktop.Notifications");
            }

            return desktop;
        }
        catch
        {
            await desktop.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for the notification and clicks into it; both are shares of its width and height.</summary>
    public Task ClickAsync(double right, double down) => ClickAsync((width, height) => ((int)(width * right), (int)(height * down)));

    /// <summary>Clicks on the button that is the first or second from the right in the lower corner: where the buttons are whatever the text is.</summary>
    public Task PressAsync(int fromRight) => ClickAsync((width, height) => (width - 57 - (92 * (fromRight - 1)), height - 31));

    private async Task ClickAsync(Func<int, int, (int Right, int Down)> place)
    {
        var window = (await RunAsync("xdotool", "search", "--sync", "--onlyvisible", "--class", "xfce4-notifyd")).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        var geometry = (await RunAsync("xdotool", "getwindowgeometry", "--shell", window)).Split('\n').Select(line => line.Split('=')).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture));
        var (right, down) = place(geometry["WIDTH"], geometry["HEIGHT"]);
        await RunAsync("xdotool", "mousemove", "--sync", $"{geometry["X"] + right}", $"{geometry["Y"] + down}", "click", "1");
    }

    /// <summary>Waits until there is a notification on the screen.</summary>
    public async Task WaitForNotificationAsync() => await RunAsync("xdotool", "search", "--sync", "--onlyvisible", "--class", "xfce4-notifyd");

    /// <summary>Waits until the screen is empty again.</summary>
    public async Task WaitForNothingAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while ((await RunAsync("xdotool", "search", "--onlyvisible", "--class", "xfce4-notifyd", "getwindowname")).Length > 0)
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, "the notification stays on the screen");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited)
                _ = Raw.kill(process.Id, Raw.SIGKILL);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _folder.Dispose();
    }

    private async Task<string> StartPartAsync(string program, params string[] arguments) =>
        await Start(program, arguments).StandardOutput.ReadLineAsync().WaitAsync(Limit) ?? throw new InvalidOperationException($"{program} ended");

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Startup(program, arguments)) ?? throw new InvalidOperationException($"{program} did not start");
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await process.WaitForExitAsync().WaitAsync(Limit);
        return output;
    }

    private Process Start(string program, params string[] arguments)
    {
        var process = Process.Start(Startup(program, arguments)) ?? throw new InvalidOperationException($"{program} did not start");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        _processes.Add(process);
        return process;
    }

    private ProcessStartInfo Startup(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Session)
            start.Environment[name] = value;
        return start;
    }
}
