using System.Globalization;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads the times that log formats write. Null for what is no time.</summary>
internal static class Times
{
    /// <summary><c>2025-06-24 14:44:49.382837+0300</c>: the offset has no colon.</summary>
    public static DateTimeOffset? ReadLogStream(string? text) =>
        text is { Length: > 5 } && DateTimeOffset.TryParseExact(text.Insert(text.Length - 2, ":"), "yyyy-MM-dd HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>Microseconds since 1970.</summary>
    public static DateTimeOffset? ReadJournal(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds < 253_402_300_799_000_000
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : null;

    /// <summary>The time at the head of a line: <c>2026-11-22T01:25:04Z</c>, <c>2026/11/22 01:25:04</c>, in brackets or not. Null when it begins with anything else.</summary>
    public static DateTimeOffset? ReadHead(string text)
    {
        var head = text.AsSpan(0, Math.Min(text.Length, 64)).TrimStart(" [\x1b");
        if (head.Length < 19 || !head[..4].ContainsOnlyDigits() || head[4] is not ('-' or '/') || head[10] is not ('T' or ' '))
            return null;
        var end = 19;
        while (end < head.Length && (char.IsAsciiDigit(head[end]) || head[end] is '.' or ',' or 'Z' or '+' or ':'))
            end++;
        var written = head[..end].ToString().Replace('/', '-').Replace(',', '.').TrimEnd('.', ':');
        return ReadIso(written);
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;

    public static DateTimeOffset? ReadIso(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) ? time : null;
}
