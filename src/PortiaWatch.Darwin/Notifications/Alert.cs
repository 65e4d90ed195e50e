using System.Globalization;
using PortiaWatch.Darwin.Programs;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Notifications;

/// <summary>
/// Messages and questions by osascript, which works unsigned and without a permission. Every text is an argument of the script, never a part of it. Leave is the default
/// and the cancel button, and an alert that gives up leaves too.
/// </summary>
internal sealed class Alert(string osascript)
{
    public const string Strike = "Strike";
    public const string Leave = "Leave";

    private const int LongestTitle = 120;
    private const int LongestText = 600;

    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(15);

    // osascript ends the alert itself; this is for one that hangs.
    private static readonly TimeSpan Overtime = TimeSpan.FromSeconds(10);

    private static readonly string[] Tell =
    [
        "-e", "on run argv",
        "-e", "display notification (item 3 of argv) with title (item 2 of argv)",
        "-e", "end run",
    ];

    private static readonly string[] Ask =
    [
        "-e", "on run argv",
        "-e", $"display alert (item 2 of argv) message (item 3 of argv) as warning buttons {{\"{Leave}\", \"{Strike}\"}} default button \"{Leave}\" cancel button \"{Leave}\" giving up after ((item 4 of argv) as integer)",
        "-e", "end run",
    ];

    // The first argument ends osascript's own options, whatever the next one begins with.
    private const string EndOfOptions = "portia";

    public async Task TellAsync(string title, string text, CancellationToken cancellation)
    {
        ProgramResult? result = await ShortProgram.RunAsync(osascript, [.. Tell, EndOfOptions, Title(title), Text(text)], TellLimit, cancellation);
        if (result is not { IsSuccess: true })
            throw Failure(result);
    }

    public async Task<Answer> AskAsync(string title, string text, TimeSpan limit, CancellationToken cancellation)
    {
        int seconds = (int)Math.Clamp(Math.Ceiling(limit.TotalSeconds), 1, 86_400);
        string[] arguments = [.. Ask, EndOfOptions, Title(title), Text(text), seconds.ToString(CultureInfo.InvariantCulture)];
        ProgramResult? result = await ShortProgram.RunAsync(osascript, arguments, limit + Overtime, cancellation);
        if (result is null)
            throw Failure(result);
        return Read(result) ?? throw Failure(result);
    }

    /// <summary>Null when nobody was asked. Only the exact answer of the button strikes.</summary>
    public static Answer? Read(ProgramResult result)
    {
        string output = result.Output.Trim();
        if (result.IsSuccess && output == $"button returned:{Strike}, gave up:false")
            return Answer.Strike;
        if (result.IsSuccess && output.EndsWith("gave up:true", StringComparison.Ordinal))
            return Answer.NoAnswer;
        if (result.IsSuccess)
            return Answer.Leave;

        // userCanceledErr: the cancel button, Escape, or Command-period.
        return result.Error.Contains("-128", StringComparison.Ordinal) ? Answer.Leave : null;
    }

    public static string Title(string title) => PlainText.Clean(title, LongestTitle);

    /// <summary>Line ends are kept: a message may have a second line with the next step.</summary>
    public static string Text(string text) => string.Join('\n', text.Split('\n').Take(6).Select(line => PlainText.Clean(line, LongestText)));

    private static NotifierException Failure(ProgramResult? result) => new(result is null
        ? "macOS's osascript could not be started."
        : $"macOS would not show the message: {PlainText.Clean(result.Error.Length > 0 ? result.Error : $"osascript ended with code {result.ExitCode}", 200)}.");
}
