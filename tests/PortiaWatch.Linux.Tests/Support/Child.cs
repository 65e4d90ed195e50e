using System.Diagnostics;

namespace PortiaWatch.Linux.Tests.Support;

/// <summary>A process that a test starts, talks to line by line and ends by its own pid.</summary>
internal sealed class Child : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private Child(Process process) => _process = process;

    public int Pid => _process.Id;

    /// <summary>Runs a Python program given as text; the test is skipped where there is no Python.</summary>
    public static Child Python(string program, params string[] arguments) => Start("python3", ["-u", "-c", program, .. arguments]);

    public static Child Start(string file, params string[] arguments)
    {
        Require.Tool(file);
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        return new Child(Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start"));
    }

    public async Task<string> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new EndOfStreamException("the child ended");

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The exit code; a signal is 128 and its number.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        // Helpers end when their standard input does; what ignores that is ended here.
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(200))
                _ = Raw.kill(_process.Id, Raw.SIGKILL);
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
