using System.Buffers;
using System.Globalization;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Rendering;

/// <summary>How things are said to people: ages, folders, command lines. Foreign text is always cleaned here.</summary>
internal static class Words
{
    private const int LongestCommand = 160;
    private const int LongestName = 64;

    // What no shell reads as anything but itself.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+:,./-");

    /// <summary><c>12 s</c>, <c>5 min</c>, <c>3 h</c>, <c>2 days</c>.</summary>
    public static string Age(DateTimeOffset? since, DateTimeOffset now)
    {
        if (since is not { } start)
            return "?";
        TimeSpan age = now - start;
        return age switch
        {
            { TotalSeconds: < 1 } => "now",
            { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds} s",
            { TotalHours: < 2 } => $"{(int)age.TotalMinutes} min",
            { TotalDays: < 2 } => $"{(int)age.TotalHours} h",
            _ => $"{(int)age.TotalDays} days",
        };
    }

    /// <summary><c>4 ms</c>, <c>1.2 s</c>.</summary>
    public static string Duration(TimeSpan duration) => duration.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Round(duration.TotalMilliseconds)):0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s");

    public static string Name(string? name) => name is null ? "?" : PlainText.Clean(name, LongestName);

    /// <summary>For a sentence; the path of a socket is whatever its owner liked.</summary>
    public static string Endpoint(Endpoint endpoint) => PlainText.Clean(endpoint.ToString(), LongestCommand);

    /// <summary>As one types it after <c>portia</c>: one word to every shell, because it is pasted.</summary>
    public static string Target(Endpoint endpoint)
    {
        return Pasted(endpoint.ToTarget());
    }

    /// <summary>One word of a command that is pasted.</summary>
    public static string Pasted(string text)
    {
        string word = PlainText.Clean(text, LongestCommand);
        return word.AsSpan().ContainsAnyExcept(Plain) ? $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'" : word;
    }

    /// <summary>The folder with the home folder as <c>~</c>.</summary>
    public static string Folder(string? folder)
    {
        if (folder is null)
            return "";
        string shown = folder == Folders.Home ? "~" : folder.StartsWith(Folders.Home + "/", StringComparison.Ordinal) ? "~" + folder[Folders.Home.Length..] : folder;
        return PlainText.Clean(shown, LongestCommand);
    }

    public static string Command(IReadOnlyList<string>? command) => command is null or { Count: 0 }
        ? ""
        : PlainText.Clean(string.Join(' ', command.Select(Quoted)), LongestCommand);

    /// <summary><c>node (pid 4121, ~/shop, up 3 h)</c>.</summary>
    public static string Process(ProcessFacts process, DateTimeOffset now)
    {
        string folder = Folder(process.WorkingDirectory);
        return $"{Name(process.Name)} (pid {process.Identity.Pid}{(folder.Length > 0 ? $", {folder}" : "")}, up {Age(process.StartedAt, now)})";
    }

    /// <summary>The same for a holder that may be nameless.</summary>
    public static string Holder(Holder holder, DateTimeOffset now) => holder.Process is { } process
        ? Process(process, now)
        : $"a process{(holder.User is { } user ? $" of {Name(user)}{(holder.Unit is { } unit ? $" ({Name(unit)})" : "")}" : "")} that cannot be named";

    /// <summary><c>npm ‹ zsh ‹ tmux ‹ systemd</c>, nearest first.</summary>
    public static string Parents(IReadOnlyList<ParentProcess> parents) => string.Join(" ‹ ", parents.Select(parent => $"{Name(parent.Name)} ({parent.Pid})"));

    private static string Quoted(string argument) => argument.Length == 0 || argument.Contains(' ', StringComparison.Ordinal) ? $"'{argument}'" : argument;
}
