using System.Buffers;
using System.Globalization;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>How a strike speaks of processes, ports and times. Names come from strangers and are cleaned here.</summary>
internal static class Words
{
    private const int LongestName = 60;
    private const int LongestCommand = 200;

    private static readonly SearchValues<char> ShellSigns = SearchValues.Create(" \t\n'\"\\$`*?;&|<>(){}[]#~!");

    public static string Clean(string text) => PlainText.Clean(text, LongestName) is { Length: > 0 } clean ? clean : "?";

    /// <summary>node (pid 4121)</summary>
    public static string Title(ProcessFacts facts) => $"{Clean(facts.Name)} (pid {facts.Identity.Pid})";

    /// <summary>node (pid 4121, child of npm, pid 4099); a supervisor is named before the parent.</summary>
    public static string TitleWithOrigin(ProcessFacts facts)
    {
        if (facts.Supervisor is { } supervisor)
            return $"{Clean(facts.Name)} (pid {facts.Identity.Pid}, started by {HolderWords.Of(supervisor)})";
        return facts.Parents.Count > 0
            ? $"{Clean(facts.Name)} (pid {facts.Identity.Pid}, child of {Clean(facts.Parents[0].Name)}, pid {facts.Parents[0].Pid})"
            : Title(facts);
    }

    /// <summary>One name, or "a (pid 1), b (pid 2) and 3 more".</summary>
    public static string Titles(IReadOnlyCollection<ProcessFacts> processes)
    {
        const int Named = 3;
        string[] titles = [.. processes.Take(Named).Select(Title)];
        string list = titles.Length <= 1 ? string.Concat(titles) : $"{string.Join(", ", titles[..^1])} and {titles[^1]}";
        return processes.Count > Named ? $"{string.Join(", ", titles)} and {processes.Count - Named} more" : list;
    }

    /// <summary>The endpoint at the start of a sentence.</summary>
    public static string Subject(Endpoint endpoint)
    {
        string text = PlainText.Clean(endpoint.ToString(), LongestCommand);
        return text.StartsWith("port ", StringComparison.Ordinal) ? "P" + text[1..] : text;
    }

    /// <summary>As one types it after <c>portia</c>.</summary>
    public static string Target(Endpoint endpoint)
    {
        string text = endpoint.ToString().Replace("udp ", "udp/", StringComparison.Ordinal).Replace("port ", "", StringComparison.Ordinal);
        return Quote(PlainText.Clean(text, LongestCommand));
    }

    /// <summary>What helps against a program that takes a freed endpoint again. Nobody is told to stop init.</summary>
    public static string AgainstTaker(ProcessFacts taker, Endpoint endpoint) => taker switch
    {
        { Supervisor: { StopCommand.Count: > 0 } supervisor } => Command(supervisor.StopCommand),
        { Parents: [{ Pid: > LastLook.LastSystemPid } parent, ..] } => $"Stop what starts it: {Clean(parent.Name)} (pid {parent.Pid}).",
        _ => $"portia who {Target(endpoint)}",
    };

    public static string Command(IReadOnlyList<string> command) => PlainText.Clean(string.Join(' ', command.Select(Quote)), LongestCommand);

    /// <summary>12 ms, 1.4 s, 3 min</summary>
    public static string Duration(TimeSpan time) => time.TotalMinutes >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min")
        : time.TotalSeconds >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s") : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, time.TotalMilliseconds):0} ms");

    /// <summary>The local time of day, to the second.</summary>
    public static string Clock(DateTimeOffset at, TimeProvider time) => TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Quote(string word) => word.Length > 0 && !word.AsSpan().ContainsAny(ShellSigns) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
