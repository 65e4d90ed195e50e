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

    /// <summary>Which format it was; <see cref="LogFormat.Auto"/> for what a program logs by itself.</summary>
    public LogFormat Format { get; init; }

    /// <summary>When the record says that it was written; null when it does not say.</summary>
    public DateTimeOffset? Time { get => field ?? (Text is null ? null : Times.ReadHead(Text)); init; }

    /// <summary>The latest moment at which the record can have been written, where it states its zone as well; null when it does not. For what must not depend on a guess.</summary>
    public DateTimeOffset? StatedBy { get => field ?? (Text is null ? null : StatedTime.Read(Text) ?? StatedTime.Read(Lines[0])); init; }

    // A line that a program logs by itself, as it came. Its times are read when they are asked for: most lines are left before that.
    private string? Text { get; init; }

    public static Envelope Open(ReadOnlySpan<byte> line, LogFormat format = LogFormat.Auto)
    {
        var start = line.IndexOfAnyExcept((byte)' ', (byte)'\t');
        if (start >= 0 && line[start] == (byte)'{' && JsonEnvelope.TryOpen(line[start..], 0) is { } json && (json.Format == format || format == LogFormat.Auto || json.Format == LogFormat.Auto && format == LogFormat.Text))
            return json;
        if (format is LogFormat.LogStream or LogFormat.Journal)
            return new Envelope("", [], true);
        var text = Encoding.UTF8.GetString(line);
        var (tag, body) = TextPrefix.Strip(text);
        return new Envelope(tag, [body], false) { Program = ProgramOf(tag), Text = text };
    }

    // "sshd[812]" and "web-1" name a program or service, "cri" only the carrier.
    private static string? ProgramOf(string tag)
    {
        if (tag.Length == 0 || tag == TextPrefix.ContainerTag)
            return null;
        var bracket = tag.IndexOf('[', StringComparison.Ordinal);
        return bracket > 0 ? tag[..bracket] : tag;
    }
}
