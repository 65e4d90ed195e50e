using System.Globalization;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>One thing that is wrong with a configuration file.</summary>
/// <param name="Origin">The file as it was named, or another name for where the text came from.</param>
/// <param name="Path">JSON path of the culprit (<c>$.rules[0].ports[1]</c>); <c>$</c> for the file as a whole.</param>
/// <param name="Line">1-based; 0 when the error is about the file and not about a place in it.</param>
/// <param name="Column">1-based, in characters; 0 where the line is.</param>
/// <param name="Message">One plain sentence with what is allowed; control characters stripped.</param>
public sealed record ConfigError(string Origin, string Path, int Line, int Column, string Message)
{
    private const int LongestOrigin = 400;

    /// <summary>As compilers write it, so that editors can jump there: <c>portia.json:4:7: $.rules[0].actoin: unknown key …</c></summary>
    public override string ToString() => Line == 0
        ? $"{PlainText.Clean(Origin, LongestOrigin)}: {Message}"
        : string.Create(CultureInfo.InvariantCulture, $"{PlainText.Clean(Origin, LongestOrigin)}:{Line}:{Column}: {Path}: {Message}");
}
