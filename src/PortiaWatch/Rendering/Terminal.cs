using System.CommandLine;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>The two streams of a run: answers on standard output, messages on standard error, colours only where somebody sees them.</summary>
internal sealed class Terminal
{
    /// <summary>Wide enough that a table in a file or a pipe is never folded.</summary>
    public const int WidthWithoutTerminal = 200;

    public Terminal(ParseResult parsed)
        : this(Console.Out, Console.Error, parsed.GetValue(GlobalOptions.Json), parsed.GetValue(GlobalOptions.NoColor))
    {
    }

    public Terminal(TextWriter answers, TextWriter messages, bool isJson, bool isPlain)
    {
        IsJson = isJson;
        RawAnswers = answers;
        IsPlain = isPlain || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        Answers = Open(answers, IsPlain, Console.IsOutputRedirected);
        Messages = Open(messages, IsPlain, Console.IsErrorRedirected);
    }

    /// <summary>One console for both, for a view that places the text itself.</summary>
    public Terminal(IAnsiConsole console, bool isPlain)
    {
        IsPlain = isPlain;
        RawAnswers = console.Profile.Out.Writer;
        Answers = Messages = console;
    }

    /// <summary>For a run that nobody watches.</summary>
    public static Terminal Silent { get; } = new(TextWriter.Null, TextWriter.Null, isJson: false, isPlain: true);

    public bool IsJson { get; }

    /// <summary>The user wants no colours.</summary>
    public bool IsPlain { get; }

    public IAnsiConsole Answers { get; }

    public IAnsiConsole Messages { get; }

    /// <summary>For JSON lines: nothing is wrapped or coloured.</summary>
    public TextWriter RawAnswers { get; }

    /// <summary>Somebody can be asked.</summary>
    public static bool IsInteractive => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    private static IAnsiConsole Open(TextWriter writer, bool noColor, bool isRedirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = noColor || isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
        });
        console.Pipeline.Attach(new PlainSegments());
        if (isRedirected)
            console.Profile.Width = WidthWithoutTerminal;
        return console;
    }
}
