using System.Globalization;
using System.Text.RegularExpressions;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Reads a time stamp that leaves no doubt about its zone: <c>2026-11-22T01:25:04Z</c>, <c>2026-11-22 01:25:04.5 +01:00</c>, <c>… UTC</c>, seconds (milli-, micro-,
/// nanoseconds) since 1970. It may stand in brackets, after a colour code or as <c>time="…"</c>.
/// </summary>
internal static partial class StatedTime
{
    private const int MaxChars = 96;
    private const int TickDigits = 7;

    /// <summary>The latest moment that the stamp at the head of <paramref name="text"/> can mean: a whole second lasts until its end. Null when there is none.</summary>
    public static DateTimeOffset? Read(string text)
    {
        var match = Stamp().Match(text[..Math.Min(text.Length, MaxChars)]);
        if (!match.Success || Second(match) is not { Year: < 9999 } second)
            return null;
        var fraction = match.Groups["fraction"].Value;
        var digits = fraction.Length > TickDigits ? fraction[..TickDigits] : fraction;
        var ticks = digits.Length == 0 ? 0 : long.Parse(digits.PadRight(TickDigits, '0'), CultureInfo.InvariantCulture);
        var grain = (long)Math.Pow(10, TickDigits - digits.Length);
        return second.AddTicks(ticks + grain);
    }

    private static DateTimeOffset? Second(Match match)
    {
        if (match.Groups["epoch"] is { Success: true } epoch)
            return DateTimeOffset.FromUnixTimeSeconds(long.Parse(epoch.ValueSpan, CultureInfo.InvariantCulture));
        var zone = match.Groups["zone"].Value;
        var offset = zone[0] is not ('+' or '-') ? "+00:00" : zone.Contains(':', StringComparison.Ordinal) ? zone : zone.Insert(3, ":");
        var written = $"{match.Groups["day"].Value.Replace('/', '-')} {match.Groups["clock"].Value}{offset}";
        return DateTimeOffset.TryParseExact(written, "yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }

    [GeneratedRegex("""^(?:[ \t\[(]|\x1b\[[0-9;]*m)*(?:(?:time|timestamp|ts|t)=)?"?(?:(?<day>[0-9]{4}[-/][0-9]{2}[-/][0-9]{2})[T ](?<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,](?<fraction>[0-9]{1,9}))? ?(?<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})(?![A-Za-z0-9_])|(?<epoch>1[0-9]{9})(?:(?<fraction>[0-9]{3}|[0-9]{6}|[0-9]{9})|\.(?<fraction>[0-9]{1,9}))?(?:\.[0-9]+)?(?![A-Za-z0-9_/.-]))""", RegexOptions.CultureInvariant)]
    private static partial Regex Stamp();
}
