using System.ComponentModel;
using System.Diagnostics;
using PortiaWatch.Darwin.Interop;

namespace PortiaWatch.Darwin.Programs;

/// <summary>Runs one of the system's small programs to its end: arguments as an array, never a shell; output capped; ended when it takes too long.</summary>
internal static class ShortProgram
{
    private const int OutputCap = 4 * 1024 * 1024;

    /// <summary>Waits for the end. Null when the program is not there.</summary>
    /// <param name="program">Absolute path.</param>
    /// <param name="arguments">One argument each.</param>
    /// <param name="limit">Then it is ended, and the exit code is that of the signal.</param>
    /// <param name="cancellation">Ends it too, and throws.</param>
    public static async Task<ProgramResult?> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
    {
        if (Start(program, arguments) is not { } process)
            return null;
        using (process)
        {
            process.StandardInput.Close();
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(limit);
            using CancellationTokenRegistration ending = deadline.Token.Register(() => End(process));

            // Both pipes are drained at once: a program that fills one while we read the other would wait for ever.
            Task<string> output = ReadAsync(process.StandardOutput);
            Task<string> error = ReadAsync(process.StandardError);
            string[] texts = await Task.WhenAll(output, error);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
            return new ProgramResult(process.ExitCode, texts[0], texts[1]);
        }
    }

    /// <summary>As <see cref="RunAsync"/>, for callers that cannot await; standard error is thrown away.</summary>
    public static ProgramResult? Run(string program, IReadOnlyList<string> arguments, TimeSpan limit)
    {
        if (Start(program, arguments) is not { } process)
            return null;
        using (process)
        {
            process.StandardInput.Close();
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            using Timer deadline = new(_ => End(process), null, limit, Timeout.InfiniteTimeSpan);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new ProgramResult(process.ExitCode, output, "");
        }
    }

    /// <summary>Ends a child of ours that has not ended by itself.</summary>
    public static void End(Process process)
    {
        try
        {
            if (!process.HasExited)
                _ = libSystem.kill(process.Id, libSystem.SIGKILL);
        }
        catch (InvalidOperationException)
        {
            // Disposed of in the meantime: it has ended.
        }
    }

    private static Process? Start(string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);

        // The words of launchctl and log are read by us: they must not come in the user's language.
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        char[] buffer = new char[8192];
        System.Text.StringBuilder text = new();
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            // Read on to the end without keeping it, so that the program can end.
            if (text.Length < OutputCap)
                text.Append(buffer, 0, read);
        }

        return text.ToString();
    }
}
