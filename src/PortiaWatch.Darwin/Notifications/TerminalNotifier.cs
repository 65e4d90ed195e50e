using System.Globalization;
using PortiaWatch.Darwin.Programs;

namespace PortiaWatch.Darwin.Notifications;

/// <summary>
/// Messages by terminal-notifier 3, which shows them under a name of its own instead of Script Editor's. Older ones often show nothing on current systems and are left
/// aside. It is not asked questions: the options of its buttons are not established.
/// </summary>
internal sealed class TerminalNotifier(string program)
{
    private const int FirstUsefulVersion = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Lazy<bool> _isUseful = new(() => IsUseful(program));

    /// <summary>False when it did not show the message; then somebody else must.</summary>
    public async Task<bool> TellAsync(string title, string text, CancellationToken cancellation)
    {
        if (!_isUseful.Value)
            return false;
        string[] arguments = ["-title", Word(Alert.Title(title)), "-message", Word(Alert.Text(text)), "-group", "portia"];
        return await ShortProgram.RunAsync(program, arguments, Limit, cancellation) is { IsSuccess: true };
    }

    private static bool IsUseful(string program)
    {
        string words = ShortProgram.Run(program, ["-version"], Limit)?.Output ?? "";
        int start = words.AsSpan().IndexOfAnyInRange('0', '9');
        return start >= 0 && int.TryParse(words.AsSpan(start).TrimEnd().ToString().Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && major >= FirstUsefulVersion;
    }

    // A leading dash would be taken for an option, a leading bracket for a property list.
    private static string Word(string text) => text.Length > 0 && text[0] is '-' or '[' or '{' or '(' or '<' ? " " + text : text;
}
