using System.Buffers;
using System.Text;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;

namespace PortiaWatch.Rendering;

/// <summary>How to start again what was struck, as one line for a shell. It is pasted, so every foreign word is quoted, and what cannot be shown as it is gives no line at all.</summary>
internal static class RestartCommand
{
    private const int Longest = 2000;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+:,./-");

    /// <summary>Null when there is none to give.</summary>
    public static string? Of(HistoryHolder holder)
    {
        if (holder.StopCommand is { Count: > 0 } stop)
            return stop.Contains("stop") ? Line([.. stop.Select(word => word == "stop" ? "start" : word)]) : null;
        if (holder.Container is not null || holder.Command is not { Count: > 0 } command || Line(command) is not { } line)
            return null;

        // A program that writes its own title ("nginx: worker process") has no command left to run.
        if (command.Count == 1 && command[0].Contains(' ', StringComparison.Ordinal))
            return null;
        return holder.Folder is null ? line : Quote(holder.Folder) is { } folder ? $"cd {folder} && {line}" : null;
    }

    private static string? Line(IReadOnlyList<string> command)
    {
        var line = new StringBuilder();
        foreach (string word in command)
        {
            if (Quote(word) is not { } quoted || line.Length + quoted.Length > Longest)
                return null;
            line.Append(line.Length > 0 ? " " : "").Append(quoted);
        }

        return line.ToString();
    }

    /// <summary>For a POSIX shell; null for text that a terminal would not show as it is.</summary>
    private static string? Quote(string word)
    {
        if (word.Length > 0 && PlainText.Clean(word, Longest) != word)
            return null;
        if (word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain))
            return word;
        return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
