using System.Diagnostics;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>Programs that fail to get their port, run to the end.</summary>
internal static class OneShot
{
    private static readonly Lazy<string> s_refused = new(Compile);

    /// <summary>The C program, compiled on first use.</summary>
    public static string Refused
    {
        get
        {
            LiveKernel.RequireTool("cc");
            return s_refused.Value;
        }
    }

    /// <summary>Runs it; it must have been refused (exit code 0 for ours). Returns its pid and what it printed.</summary>
    public static async Task<(int Pid, string Output)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        int pid = process.Id;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await errors}");
        return (pid, output);
    }

    public static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new InvalidOperationException($"{program} did not start");

    private static string Compile()
    {
        string folder = Directory.CreateTempSubdirectory("portia-refused").FullName;
        string program = Path.Combine(folder, "refused");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        using Process compiler = Start("cc", "-O1", "-pthread", "-o", program, Path.Combine(AppContext.BaseDirectory, "Ebpf", "refused.c"));
        string complaint = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, complaint);

        // Another user runs it too.
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        return program;
    }
}
