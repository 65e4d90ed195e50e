using System.Threading.Channels;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>Asks on the terminal of a watcher in the foreground, one question at a time; further ones wait for their turn, within their own limit. Reads the terminal itself, because standard input may be a pipe.</summary>
internal sealed class TerminalNotifier : INotifier, IDisposable
{
    private const string Device = "/dev/tty";

    private readonly Terminal _terminal;
    private readonly PromptLine _prompt;
    private readonly SemaphoreSlim _oneQuestion = new(1);

    // Lines typed while nobody asked are worth nothing: the newest one is kept and thrown away before the next question.
    private readonly Channel<string> _typed = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Lazy<Thread> _reader;
    private int _number;

    public TerminalNotifier(Terminal terminal, PromptLine prompt)
    {
        _terminal = terminal;
        _prompt = prompt;
        _reader = new Lazy<Thread>(() =>
        {
            var thread = new Thread(ReadLines) { IsBackground = true, Name = "terminal" };
            thread.Start();
            return thread;
        });
    }

    /// <summary>True where a person sees the question and has a keyboard.</summary>
    public static bool IsPossible => !Console.IsErrorRedirected && File.Exists(Device);

    /// <summary>False in the background: reading the terminal there would suspend the whole watcher.</summary>
    public bool IsAvailable => IsInForeground();

    public Task TellAsync(string title, string text, CancellationToken cancellation)
    {
        _prompt.Above(() => _terminal.Messages.Write(new Text($"{PlainText.Clean(title, 200)}. {PlainText.Clean(text, 400)}\n", new Style(Color.Yellow))));
        return Task.CompletedTask;
    }

    public async Task<Answer> AskAsync(string title, string text, TimeSpan limit, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limit);
        try
        {
            await _oneQuestion.WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Answer.NoAnswer;
        }

        string? remark = null;
        try
        {
            _ = _reader.Value;
            _typed.Reader.TryRead(out _);

            // The answer names its question, so that one typed for an earlier question never strikes for this one.
            int number = ++_number;
            string how = $"Type \"strike {number}\" to strike; anything else leaves it alone: ";
            _prompt.Open($"{PlainText.Clean(title, 200)} {PlainText.Clean(text, 400)}", how);
            string line = await _typed.Reader.ReadAsync(timeout.Token);
            return line.Trim().Equals($"strike {number}", StringComparison.OrdinalIgnoreCase) ? Answer.Strike : Answer.Leave;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            remark = "no answer; left alone";
            return Answer.NoAnswer;
        }
        catch (ChannelClosedException)
        {
            return Answer.NoAnswer;
        }
        catch (OperationCanceledException)
        {
            remark = "answered elsewhere, or the watcher ends";
            throw;
        }
        finally
        {
            _prompt.Close(remark);
            _oneQuestion.Release();
        }
    }

    public void Dispose() => _oneQuestion.Dispose();

    // proc_pid_stat(5): the fifth field is our process group, the eighth the foreground group of our terminal. Where there is no /proc, a watcher with a terminal counts as in front.
    private static bool IsInForeground()
    {
        try
        {
            string stat = File.ReadAllText("/proc/self/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[2] == fields[5];
        }
        catch (IOException)
        {
            return true;
        }
    }

    private void ReadLines()
    {
        try
        {
            using var device = new StreamReader(Device);
            while (device.ReadLine() is { } line)
                _typed.Writer.TryWrite(line);
        }
        catch (IOException)
        {
            // No terminal to read from (a service, a detached session): nobody can answer.
        }
        catch (UnauthorizedAccessException)
        {
            // The same.
        }

        _typed.Writer.TryComplete();
    }
}
