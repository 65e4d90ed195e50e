using System.Text;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// What one physical line holds: the lines of text inside it, freed of the format that carries them. Detected per line, for files mix formats.
/// </summary>
/// <param name="Tag">Who wrote it, as far as the format tells writers apart ("web-1", "sshd[123]"); empty when it does not.</param>
/// <param name="Lines">The text, in lines. Empty for control records.</param>
/// <param name="IsWhole">True when the text is a complete message (a structured record), so that nothing before or after belongs to it.</param>
internal sealed record Envelope(string Tag, IReadOnlyList<string> Lines, bool IsWhole)
{
    /// <summary>The program that the record names; null when it names none. Text's own claim, vouched for by nobody.</summary>
    public string? Program { get; init; }

    /// <summary>When the record says that it was written; null when it does not say.</summary>
    public DateTimeOffset? Time { get; init; }

    public static Envelope Open(ReadOnlySpan<byte> line)
    {
        var start = line.IndexOfAnyExcept((byte)' ', (byte)'\t');
        if (start >= 0 && line[start] == (byte)'{' && JsonEnvelope.TryOpen(line[start..], 0) is { } json)
            return json;
        var text = Encoding.UTF8.GetString(line);
        if (!text.Contains('\r', StringComparison.Ordinal))
        {
            var (tag, body) = TextPrefix.Strip(text);
            return new Envelope(tag, [body], false);
        }

        return new Envelope("", [.. text.Split('\r').Where(part => part.Length > 0).Select(part => TextPrefix.Strip(part).Body)], false);
    }
}
