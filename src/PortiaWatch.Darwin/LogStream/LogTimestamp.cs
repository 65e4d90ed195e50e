using System.Globalization;

namespace PortiaWatch.Darwin.LogStream;

/// <summary>Reads log's <c>2025-06-24 14:44:49.382837+0300</c>: a space, and no colon in the offset, which .NET's own formats want.</summary>
internal static class LogTimestamp
{
    private const int OffsetLength = 5;

    /// <summary>Null when it is none.</summary>
    public static DateTimeOffset? Parse(string? text)
    {
        if (text is null || text.Length < OffsetLength + 19 || text[^OffsetLength] is not ('+' or '-'))
            return null;
        string colons = $"{text[..^2]}:{text[^2..]}";
        return DateTimeOffset.TryParseExact(colons, "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time) ? time : null;
    }
}
