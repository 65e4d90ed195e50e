using System.Diagnostics;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary><see cref="SensorProgram"/> as a process, started through another program (setpriv, unshare) where one is given.</summary>
internal sealed class SensorProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_guard = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private SensorProcess(Process process) => _process = process;

    public int Pid => _process.Id;

    public static SensorProcess Start(params string[] through)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] command = [.. through, host, typeof(SensorProgram).Assembly.Location];
        return new SensorProcess(OneShot.Start(command[0], command[1..]));
    }

    /// <summary>The fields of the next line that begins with <paramref name="kind"/> and is wanted.</summary>
    public async Task<string[]> NextAsync(string kind, Func<string[], bool>? wanted = null)
    {
        using CancellationTokenSource guard = new(s_guard);
        while (await _process.StandardOutput.ReadLineAsync(guard.Token) is { } line)
        {
            if (line.Split('|') is [var first, ..] fields && first == kind && wanted?.Invoke(fields) != false)
                return fields;
        }

        throw new EndOfStreamException($"no '{kind}' line: {await _process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>As hard as it gets: no handler runs, nothing is closed by the program itself.</summary>
    public async Task KillAsync()
    {
        using Process kill = OneShot.Start("sh", "-c", $"kill -9 {Pid}");
        await _process.WaitForExitAsync().WaitAsync(s_guard);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(s_guard);
        _process.Dispose();
    }
}
