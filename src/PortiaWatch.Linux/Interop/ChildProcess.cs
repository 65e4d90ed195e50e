using System.Diagnostics;

namespace PortiaWatch.Linux.Interop;

/// <summary>
/// A helper program of our own (journalctl, notify-send): started by its absolute path with an argument array, never through a shell, and ended with us. When we are killed
/// hard it ends at its next write into the closed pipe; a parent-death signal would be tied to the thread that started it, which a thread pool retires at will.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly string[] Folders = ["/usr/bin/", "/bin/", "/usr/local/bin/", "/run/current-system/sw/bin/"];

    private readonly Process _process;
    private readonly int _endSignal;

    // Pinned before anything else: a signal can only ever reach this very process. Null on kernels before 5.3, where it is left to end by itself.
    private readonly Descriptor? _pin;

    private ChildProcess(Process process, int endSignal)
    {
        _process = process;
        _endSignal = endSignal;
        Output = process.StandardOutput.BaseStream;
        Errors = process.StandardError.BaseStream;
        var pin = new Descriptor(Libc.PidfdOpen(process.Id));

        // .NET reaps children by itself, so the number may have passed on already. While the child has not exited it has not.
        if (pin.IsInvalid || process.HasExited)
            pin.Dispose();
        else
            _pin = pin;
    }

    public int Pid => _process.Id;

    public Stream Output { get; }

    public Stream Errors { get; }

    /// <summary>The first of the well-known folders that has the program; null when none has. PATH is not asked: anybody may have put a folder into it.</summary>
    public static string? Find(string name) => Folders.Select(folder => folder + name).FirstOrDefault(File.Exists);

    /// <summary>Throws <see cref="System.ComponentModel.Win32Exception"/> when the program cannot be started.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="arguments">Each is one argument, whatever is in it.</param>
    /// <param name="endSignal">What the program takes as an order to end and clean up.</param>
    /// <param name="environment">Differs from ours in this; a null value is a variable that is not set.</param>
    public static ChildProcess Start(
        string path, IEnumerable<string> arguments, int endSignal = Libc.SIGTERM, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // What it says is read by us, in English.
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment.Remove("SYSTEMD_LOG_LEVEL");
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{path} was not started.");
        process.StandardInput.Close();
        return new ChildProcess(process, endSignal);
    }

    /// <summary>The exit code; 128 and the number for a signal.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>Ends it: its own signal first, SIGKILL when that does not help. The streams stay open for whoever still reads them; they end with the process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_pin is not null)
        {
            foreach (var signal in (int[])[_endSignal, Libc.SIGKILL])
            {
                _ = Libc.PidfdSendSignal(_pin.Number, signal);
                if (await ExitsAsync())
                    break;
            }

            _pin.Dispose();
        }

        _process.Dispose();
    }

    private async Task<bool> ExitsAsync()
    {
        using var grace = new CancellationTokenSource(Grace);
        try
        {
            await _process.WaitForExitAsync(grace.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
