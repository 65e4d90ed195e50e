using System.Globalization;
using PortiaWatch.Darwin.Programs;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Darwin.Notifications;

/// <summary>Questions as notifications with buttons, by the alerter program, which users install for themselves.</summary>
internal sealed class Alerter(string program)
{
    private static readonly TimeSpan Overtime = TimeSpan.FromSeconds(10);

    /// <summary>Null when it did not show the question; then somebody else must ask.</summary>
    public async Task<Answer?> AskAsync(string title, string text, TimeSpan limit, CancellationToken cancellation)
    {
        string seconds = ((int)Math.Clamp(Math.Ceiling(limit.TotalSeconds), 1, 86_400)).ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "--title", Word(Alert.Title(title)), "--message", Word(Alert.Text(text)), "--actions", Alert.Strike, "--closeLabel", Alert.Leave, "--timeout", seconds,
        ];
        return await ShortProgram.RunAsync(program, arguments, limit + Overtime, cancellation) is { } result ? Read(result) : null;
    }

    /// <summary>The label of the button, or a word that begins with an at sign.</summary>
    public static Answer? Read(ProgramResult result) => (result.IsSuccess, result.Output.Trim()) switch
    {
        (true, Alert.Strike) => Answer.Strike,
        (true, "@TIMEOUT") => Answer.NoAnswer,
        (true, "") or (false, _) => null,
        _ => Answer.Leave,
    };

    // An argument that looks like an option would be taken for one.
    private static string Word(string text) => text.StartsWith('-') ? " " + text : text;
}
