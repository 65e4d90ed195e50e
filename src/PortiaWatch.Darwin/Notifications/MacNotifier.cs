using PortiaWatch.Pipeline;

namespace PortiaWatch.Darwin.Notifications;

/// <summary>Tells and asks by what is there: a notification program that the user has installed, else osascript, which every Mac has.</summary>
internal sealed class MacNotifier : INotifier
{
    private readonly Alert _alert;
    private readonly Alerter? _alerter;
    private readonly TerminalNotifier? _terminalNotifier;

    public MacNotifier(Surroundings surroundings)
    {
        _alert = new Alert(surroundings.Osascript);
        _alerter = Tool(surroundings, "alerter") is { } alerter ? new Alerter(alerter) : null;
        _terminalNotifier = Tool(surroundings, "terminal-notifier") is { } program ? new TerminalNotifier(program) : null;
    }

    public bool IsAvailable => true;

    public async Task TellAsync(string title, string text, CancellationToken cancellation)
    {
        if (_terminalNotifier is null || !await _terminalNotifier.TellAsync(title, text, cancellation))
            await _alert.TellAsync(title, text, cancellation);
    }

    public async Task<Answer> AskAsync(string title, string text, TimeSpan limit, CancellationToken cancellation)
    {
        Answer? answer = _alerter is null ? null : await _alerter.AskAsync(title, text, limit, cancellation);
        return answer ?? await _alert.AskAsync(title, text, limit, cancellation);
    }

    /// <summary>Path of a program in one of the folders where users install them; null when it is in none.</summary>
    public static string? Tool(Surroundings surroundings, string name) => surroundings.ToolFolders.Select(folder => Path.Join(folder, name)).FirstOrDefault(File.Exists);
}
