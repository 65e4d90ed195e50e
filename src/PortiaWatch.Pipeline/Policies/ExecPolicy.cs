using System.ComponentModel;
using System.Diagnostics;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>
/// Runs the rule's program with the incident as JSON on its standard input, without a shell. A program that overruns its time is left running and reported: it is the
/// user's own, and ending it could do more harm than its lateness. Because it keeps its place until it ends, programs that hang cannot pile up.
/// </summary>
/// <param name="home">Working directory, and what <c>~/</c> stands for.</param>
/// <param name="payload">The incident as JSON.</param>
/// <param name="time">For the time limit.</param>
/// <param name="isDryRun">Nothing is run.</param>
public sealed class ExecPolicy(string home, Func<Verdict, byte[]> payload, TimeProvider time, bool isDryRun) : IPolicy
{
    public const int MostRunning = 4;
    private const int KeptOutputBytes = 4096;

    // After the exit only what is still in the pipe is missing; a daemon that the program left behind may keep the pipe open for ever.
    private static readonly TimeSpan LastOutputLimit = TimeSpan.FromMilliseconds(500);
    private int _running;

    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);

    public RuleAction Action => RuleAction.Exec;

    public async Task<Outcome> ApplyAsync(Verdict verdict, CancellationToken cancellation)
    {
        if (verdict.Rule.Command.Count == 0)
            return Failed("The rule names no program.");
        string program = verdict.Rule.Command[0];
        if (program.StartsWith("~/", StringComparison.Ordinal))
            program = Path.Combine(home, program[2..]);
        string shown = PlainText.Clean(program, 200);
        if (!Path.IsPathFullyQualified(program))
            return Failed($"{shown} is not a full path.");
        if (isDryRun)
            return OutcomeOf.What(verdict, OutcomeKind.DryRun, $"Would have run {shown}.", time);
        if (!File.Exists(program))
            return Failed($"There is no program {shown}.");
        if (Interlocked.Increment(ref _running) > MostRunning)
        {
            Interlocked.Decrement(ref _running);
            return Failed($"{MostRunning} programs of exec rules are still running; {shown} was not started.");
        }

        try
        {
            (OutcomeKind kind, string sentence) = await RunAsync(program, shown, verdict).WaitAsync(Limit, time, cancellation);
            return OutcomeOf.What(verdict, kind, sentence, time);
        }
        catch (TimeoutException)
        {
            return Failed($"{shown} still runs after {Limit.TotalSeconds} s; it was left running.");
        }

        Outcome Failed(string sentence) => OutcomeOf.What(verdict, OutcomeKind.Failed, sentence, time);
    }

    /// <summary>Runs to the program's end, however long it takes, and gives its place back then.</summary>
    private async Task<(OutcomeKind Kind, string Sentence)> RunAsync(string program, string shown, Verdict verdict)
    {
        try
        {
            using Process process = Process.Start(Describe(program, verdict)) ?? throw new Win32Exception("no process");
            var output = new OutputHead(KeptOutputBytes);
            var errors = new OutputHead(KeptOutputBytes);
            Task pipes = Task.WhenAll(
                output.DrainAsync(process.StandardOutput.BaseStream),
                errors.DrainAsync(process.StandardError.BaseStream),
                FeedAsync(process.StandardInput.BaseStream, payload(verdict)));
            await process.WaitForExitAsync(CancellationToken.None);
            await Task.WhenAny(pipes, Task.Delay(LastOutputLimit, time, CancellationToken.None));
            if (process.ExitCode == 0)
                return (OutcomeKind.Executed, $"{shown} ran.");
            string said = PlainText.Clean(errors.Text.Length > 0 ? errors.Text : output.Text, 200);
            return (OutcomeKind.Failed, $"{shown} ended with exit code {process.ExitCode}{(said.Length > 0 ? $": {said}" : ".")}");
        }
        catch (Win32Exception e)
        {
            return (OutcomeKind.Failed, $"{shown} could not be started: {PlainText.Clean(e.Message, 200)}");
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private ProcessStartInfo Describe(string program, Verdict verdict)
    {
        var start = new ProcessStartInfo(program, verdict.Rule.Command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        foreach ((string name, string value) in ExecEnvironment.Of(verdict))
            start.Environment[name] = value;
        return start;
    }

    private static async Task FeedAsync(Stream input, byte[] json)
    {
        try
        {
            await using (input)
            {
                await input.WriteAsync(json);
                await input.WriteAsync("\n"u8.ToArray());
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // A program that does not read its input may end, or close it, before everything is written; normal.
        }
    }
}
