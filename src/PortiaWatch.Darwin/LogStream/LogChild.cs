using System.ComponentModel;
using System.Diagnostics;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Programs;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Darwin.LogStream;

/// <summary>A running log stream. It ends with its owner: left alone it would write on until its next record, which may be hours away.</summary>
internal sealed class LogChild : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Task<string> _complaints;

    private LogChild(Process process)
    {
        _process = process;
        _complaints = process.StandardError.ReadToEndAsync();
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Processor time so far; null when it cannot be told.</summary>
    public TimeSpan? ProcessorTime
    {
        get
        {
            try
            {
                return _process.TotalProcessorTime;
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException)
            {
                return null;
            }
        }
    }

    public static LogChild Start(string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            Process process = Process.Start(start) ?? throw new SourceUnavailableException($"{program} could not be started.");
            process.StandardInput.Close();
            return new LogChild(process);
        }
        catch (Win32Exception e)
        {
            throw new SourceUnavailableException($"{program} could not be started: macOS has it, so this is another system or a damaged one.", e);
        }
    }

    /// <summary>Waits for the end after the output has ended.</summary>
    public async Task<(int Code, string Complaints)> WaitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return (_process.ExitCode, await _complaints);
    }

    /// <summary>Asks it to end.</summary>
    public void Stop()
    {
        if (!_process.HasExited)
            _ = libSystem.kill(_process.Id, libSystem.SIGTERM);
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        using CancellationTokenSource deadline = new(Patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            ShortProgram.End(_process);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
