using System.Diagnostics;
using PortiaWatch.Verbs;

namespace PortiaWatch.Daemon;

/// <summary>One server process of the demo. It ends when its standard input does, so nothing is left behind however the demo ends.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private DemoServer(Process process) => _process = process;

    public int Pid => _process.Id;

    public StreamReader Complaints => _process.StandardError;

    public static DemoServer Start(int port)
    {
        // Under "dotnet portia.dll" the process is dotnet and the program its first argument.
        string program = Environment.ProcessPath ?? throw new UsageException("The demo cannot find its own program file.");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "portia.dll"));
        start.ArgumentList.Add(DemoServerVerb.Name);
        start.ArgumentList.Add($"{port}");
        return new DemoServer(Process.Start(start) ?? throw new UsageException("The demo's server could not be started."));
    }

    /// <summary>True once it listens; false when it ended instead.</summary>
    public async Task<bool> IsListeningAsync(CancellationToken cancellation) =>
        await _process.StandardOutput.ReadLineAsync(cancellation) is { } line && line.StartsWith(DemoServerVerb.Ready, StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // It ends with its input all the same, only later than anybody wants to wait.
        }

        _process.Dispose();
    }
}
