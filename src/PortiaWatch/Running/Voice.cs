using System.Text;
using PortiaWatch.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Running;

/// <summary>
/// Portia's own few words, on standard error: standard output is the command's. With <c>--json</c> the incidents are said there instead, one object a
/// line.
/// </summary>
internal sealed class Voice(RunOptions options)
{
    private static readonly bool IsTerminal = Libc.isatty(Output.Messages) != 0;

    private readonly bool _isColored = IsTerminal && !options.IsPlain
        && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 } && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>One line for people.</summary>
    /// <param name="sentence">Foreign text in it is clean already.</param>
    /// <param name="child">Runs and owns the screen at this moment; null when none does.</param>
    public void Say(string sentence, Child? child = null)
    {
        if (!options.IsJson)
            Write($"{Lead(child)}{Prefix}{sentence}{LineEnd}");
    }

    /// <summary>
    /// The beginning of a line that <see cref="Finish"/> ends: a question. Said with <c>--json</c> too, since somebody is to answer it.
    /// </summary>
    public void Ask(string question, string keys, Child? child = null) => Write($"{Lead(child)}{Prefix}{question} {Bold(keys)} ");

    public void Finish(string answer) => Write(Bold(answer) + LineEnd);

    public void Record(Verdict verdict, Outcome outcome)
    {
        if (options.IsJson)
            Output.Write(Output.Messages, [.. IncidentJson.ToUtf8(verdict, outcome), (byte)'\n']);
    }

    // A terminal that is raw for the command's sake does not go back to the first column by itself; for all others the extra byte would be litter.
    private static string LineEnd => IsTerminal ? "\r\n" : "\n";

    private string Prefix => _isColored ? "\e[36mportia\e[0m: " : "portia: ";

    private static string Lead(Child? child) => IsTerminal && child is { IsAtLineStart: false } ? LineEnd : "";

    private string Bold(string text) => _isColored ? $"\e[1m{text}\e[0m" : text;

    private static void Write(string text) => Output.Write(Output.Messages, Encoding.UTF8.GetBytes(text));
}
