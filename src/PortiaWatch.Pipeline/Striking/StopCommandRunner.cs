using System.ComponentModel;
using System.Diagnostics;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>Runs a supervisor's own stop command: an argv, never a shell, in bounded time.</summary>
internal static class StopCommandRunner
{
    /// <summary>Null when it ended with 0; else what went wrong, as the end of a sentence.</summary>
    public static async Task<string?> RunAsync(IReadOnlyList<string> command, TimeSpan limit, CancellationToken cancellation)
    {
        if (Resolve(command[0], Environment.GetEnvironmentVariable("PATH") ?? "") is not { } program)
            return $"could not be started: {Words.Clean(command[0])} is not on the PATH";
        var start = new ProcessStartInfo(program, command.Skip(1)) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using Process? process = Process.Start(start);
            if (process is null)
                return "could not be started";
            process.StandardInput.Close();
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            bound.CancelAfter(limit);
            Task<string> output = process.StandardOutput.ReadToEndAsync(bound.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(bound.Token);
            try
            {
                await Task.WhenAll(output, error, process.WaitForExitAsync(bound.Token));
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return $"did not end within {Words.Duration(limit)}";
            }

            return process.ExitCode == 0 ? null : $"ended with {process.ExitCode}: {Words.Clean(await error)}";
        }
        catch (Win32Exception e)
        {
            return $"could not be started ({e.Message})";
        }
    }

    /// <summary>The program as PATH has it. Left to itself .NET looks into our own folder and into the current one first, where anybody's project may have a "systemctl".</summary>
    internal static string? Resolve(string program, string path) => Path.IsPathRooted(program)
        ? program
        : path.Split(':').Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
