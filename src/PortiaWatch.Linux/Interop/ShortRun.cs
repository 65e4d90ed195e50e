using System.Buffers;
using System.ComponentModel;
using System.Text;

namespace PortiaWatch.Linux.Interop;

/// <summary>What a small program of the system said.</summary>
/// <param name="ExitCode">128 and the number for a signal; null when it did not end in time.</param>
/// <param name="Output">Cut after 1 MiB.</param>
/// <param name="Errors">The same.</param>
internal sealed record ShortRun(int? ExitCode, string Output, string Errors)
{
    private const int MostBytes = 1024 * 1024;

    public bool IsSuccess => ExitCode == 0;

    /// <summary>Runs a program to its end, or ends it when it takes too long. Null when there is no such program.</summary>
    /// <param name="program">Absolute path.</param>
    /// <param name="arguments">Each is one argument.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="environment">Differs from ours in this.</param>
    /// <param name="cancellation">Ends it too.</param>
    public static async Task<ShortRun?> RunAsync(
        string? program, IEnumerable<string> arguments, TimeSpan limit, IReadOnlyDictionary<string, string?>? environment, CancellationToken cancellation)
    {
        if (program is null)
            return null;
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(program, arguments, environment: environment);
        }
        catch (Win32Exception)
        {
            return null;
        }

        await using (child)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(limit);
            try
            {
                Task<string> output = ReadAsync(child.Output, deadline.Token);
                Task<string> errors = ReadAsync(child.Errors, deadline.Token);
                await Task.WhenAll(output, errors);
                return new ShortRun(await child.ExitAsync(deadline.Token), await output, await errors);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return new ShortRun(null, "", "");
            }
        }
    }

    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var text = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            // Read on to the end without keeping it, so that the program can end.
            if (text.WrittenCount < MostBytes)
                text.Write(buffer.AsSpan(0, read));
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
