using System.Diagnostics;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Completion;

/// <summary>A real shell on a real terminal (tmux with a server of its own), which a test types into and reads from.</summary>
internal sealed class ShellScreen : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();

    /// <param name="program">The shell, which must be installed.</param>
    /// <param name="command">Starts it without the user's own settings.</param>
    /// <param name="setup">What is typed first.</param>
    public static async Task<ShellScreen> StartAsync(string program, string command, string setup)
    {
        Server.Requires("tmux", program);
        var shell = new ShellScreen();
        string folder = Path.GetDirectoryName(Portia.Program) ?? "/";
        await shell.TmuxAsync(
            ["-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "40", "env", $"PATH={folder}:{Environment.GetEnvironmentVariable("PATH")}", $"HOME={shell._folder.Path}", "XDG_CONFIG_HOME=/nonexistent", .. command.Split(' ')]);
        await shell.TypeAsync(setup + "; echo rea''dy\n");
        await shell.ShowsAsync("\nready");
        return shell;
    }

    public Task TypeAsync(string keys) => TmuxAsync("send-keys", "-l", keys);

    /// <summary>Leaves the half-written line.</summary>
    public async Task ClearAsync()
    {
        await TmuxAsync("send-keys", "C-u");
        await TypeAsync("echo cle''ar\n");
        await ShowsAsync("\nclear");
        await TmuxAsync("send-keys", "C-l");
    }

    public async Task ShowsAsync(string text)
    {
        long start = Stopwatch.GetTimestamp();
        string screen;
        while (!(screen = await TmuxAsync("capture-pane", "-p")).Contains(text, StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"\"{text}\" does not appear on:\n{screen}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await TmuxAsync("kill-server");
        _folder.Dispose();
    }

    private async Task<string> TmuxAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-S", Path.Combine(_folder.Path, "tmux"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("tmux did not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync();
        return output + await errors;
    }
}
