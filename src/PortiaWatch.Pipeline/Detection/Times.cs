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

    public static DateTimeOffset? ReadIso(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) ? time : null;
}
