using System.Globalization;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Durations as people write them: a whole number and its unit, <c>250ms</c>, <c>5s</c>, <c>1m</c>, <c>2h</c>, <c>90d</c>.</summary>
public static class DurationText
{
    public const string Forms = "a whole number with its unit such as \"250ms\", \"5s\", \"1m\", \"2h\" or \"90d\"";

    // Longest first where one unit ends like another: "ms" also ends in "s".
    private static readonly (string Name, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
    ];

    /// <summary>Accepts up to six digits and one unit, nothing else.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        foreach ((string name, long ticks) in Units)
        {
            if (text is null || !text.EndsWith(name, StringComparison.Ordinal))
                continue;
            ReadOnlySpan<char> digits = text.AsSpan(0, text.Length - name.Length);
            if (digits.Length > 6 || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count))
                return false;
            duration = TimeSpan.FromTicks(count * ticks);
            return true;
        }

        return false;
    }

    /// <summary>The shortest exact form: 90 s is <c>90s</c>, 120 s is <c>2m</c>. What is finer than a millisecond is dropped.</summary>
    public static string Of(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        (string name, long ticks) = Array.FindLast(Units, u => duration.Ticks % u.Ticks == 0);
        return name is null
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalMilliseconds}ms")
            : string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{name}");
    }
}
