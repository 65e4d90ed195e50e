using System.ComponentModel;
using System.Globalization;
using System.Text;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Notifications;

/// <summary>Desktop notifications with buttons through libnotify's <c>notify-send</c>: one short-lived child for each.</summary>
/// <param name="time">The clock that limits a question.</param>
/// <param name="program">Path of notify-send; null to look in the well-known folders.</param>
/// <param name="session">Differs from our environment in this (display, session bus).</param>
internal sealed class DesktopNotifier(TimeProvider time, string? program = null, IReadOnlyDictionary<string, string?>? session = null) : INotifier
{
    private const string Strike = "strike";
    private const string Leave = "leave";
    private const int MaxTitleChars = 120;
    private const int MaxLineChars = 300;
    private const int MaxLines = 10;
    private const int MaxOutputBytes = 4096;

    // D-Bus gives up on a service that does not start after 25 s; nobody waits that long for news.
    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(10);

    private readonly string? _program = program ?? ChildProcess.Find("notify-send");

    public bool IsAvailable => Limit is null;

    /// <summary>Why nobody would see a notification, in one sentence; null when somebody would.</summary>
    public string? Limit => _program is null ? "notify-send is not installed (package libnotify-bin), so there are no desktop notifications."
        : HasSessionBus ? null
        : "There is no desktop session here, so there are no desktop notifications.";

    private bool HasSessionBus => Variable("DBUS_SESSION_BUS_ADDRESS") is { Length: > 0 }
        || (Variable("XDG_RUNTIME_DIR") is { Length: > 0 } folder && File.Exists(Path.Join(folder, "bus")));

    public async Task TellAsync(string title, string text, CancellationToken cancellation)
    {
        if (Limit is { } reason)
            throw new NotifierException(reason);
        var (code, _, complaint) = await RunAsync(["-u", "normal", .. Words(title, text)], TellLimit, cancellation);
        if (code is null)
            throw new NotifierException("The desktop's notification service does not answer.");
        if (code != 0)
            throw Failure(complaint);
    }

    public async Task<Answer> AskAsync(string title, string text, TimeSpan limit, CancellationToken cancellation)
    {
        if (!IsAvailable)
            return Answer.NoAnswer;

        // Critical, because several desktops hide other notifications after a few seconds, and the buttons with them. -A waits by itself; with --wait as well notify-send
        // hangs for ever where no notification service runs.
        var milliseconds = ((long)limit.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        var (code, answer, complaint) = await RunAsync(
            ["-u", "critical", "-t", milliseconds, "-A", $"{Strike}=Strike", "-A", $"{Leave}=Leave", .. Words(title, text)], limit, cancellation);
        if (code is null or 0)
        {
            return answer switch
            {
                Strike => Answer.Strike,
                Leave => Answer.Leave,
                _ => Answer.NoAnswer,
            };
        }

        if (!complaint.Contains("nknown option", StringComparison.Ordinal))
            throw Failure(complaint);

        // libnotify before 0.7.10 has no buttons: the news at least is told.
        await TellAsync(title, text, cancellation);
        return Answer.NoAnswer;
    }

    /// <summary>The exit code, or null when the limit passed first; the first line of its output; the last line of its complaints.</summary>
    private async Task<(int? Code, string Answer, string Complaint)> RunAsync(IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);

        // On SIGINT notify-send closes its notification; ended in any other way it leaves dead buttons on the screen.
        await using var child = Start(arguments);
        try
        {
            var answer = LinesAsync(child.Output, "portia answer", either.Token);
            var complaints = LinesAsync(child.Errors, "portia notification errors", either.Token);
            var code = await child.ExitAsync(either.Token);
            return (code, (await answer).FirstOrDefault(""), (await complaints).LastOrDefault(""));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, "", "");
        }
    }

    private ChildProcess Start(IEnumerable<string> arguments)
    {
        try
        {
            return ChildProcess.Start(_program ?? "", ["-a", "PortiaWatch", .. arguments], Libc.SIGINT, session);
        }
        catch (Win32Exception exception)
        {
            throw new NotifierException($"notify-send could not be started: {exception.Message}.", exception);
        }
    }

    private static async Task<List<string>> LinesAsync(Stream stream, string thread, CancellationToken cancellation)
    {
        List<string> lines = [];
        await foreach (var block in BlockingLines.ReadAsync(stream, new LineBlocks(MaxOutputBytes), thread, cancellation))
            lines.AddRange(Encoding.UTF8.GetString(block.Bytes.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return lines;
    }

    /// <summary>Title and text as arguments, behind the mark that ends the options: a leading dash is text.</summary>
    private static IEnumerable<string> Words(string title, string text)
    {
        var cleanTitle = PlainText.Clean(title, MaxTitleChars);
        var lines = text.Split('\n').Select(line => PlainText.Clean(line, MaxLineChars)).Where(line => line.Length > 0).Take(MaxLines);

        // Most services read the text as markup, and notify-send reads backslashes in it as escapes. The title is plain to both.
        var plain = string.Join('\n', lines)
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\\", "\\\\", StringComparison.Ordinal);
        return ["--", cleanTitle.Length > 0 ? cleanTitle : "PortiaWatch", plain];
    }

    private static NotifierException Failure(string complaint)
    {
        var clean = PlainText.Clean(complaint, MaxLineChars).TrimEnd('.');
        return new NotifierException(clean.Contains("org.freedesktop.Notifications", StringComparison.Ordinal)
            ? "No notification service is running in this desktop session."
            : clean.Length > 0 ? $"The notification could not be shown: {clean}." : "The notification could not be shown.");
    }

    private string? Variable(string name) => session is not null && session.TryGetValue(name, out var value) ? value : Environment.GetEnvironmentVariable(name);
}
