using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Plots;

/// <summary>Builds SVG text. Whatever goes between tags or into attributes passes through here: foreign names are cleaned, cut and escaped.</summary>
internal sealed class SvgText
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.BasicLatin, UnicodeRanges.Latin1Supplement, UnicodeRanges.LatinExtendedA, UnicodeRanges.Cyrillic, UnicodeRanges.GeneralPunctuation);

    private readonly StringBuilder _svg = new();

    public static string Escape(string text, int longest) => Encoder.Encode(PlainText.Clean(text, longest));

    public void Raw(string svg) => _svg.Append(svg).Append('\n');

    /// <summary>A rectangle of a class of the style sheet; its title shows while the pointer is over it.</summary>
    public void Bar(string kind, double x, double y, double width, double height, string title, double opacity = 1) => _svg.Append(
        CultureInfo.InvariantCulture,
        $"""<rect class="{kind}" x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{height:0.##}" rx="3"{(opacity < 1 ? string.Create(CultureInfo.InvariantCulture, $" fill-opacity=\"{opacity:0.##}\"") : "")}><title>{Escape(title, 120)}</title></rect>""").Append('\n');

    public void Text(string kind, double x, double y, string text, string anchor = "start", int longest = 60) => _svg.Append(
        CultureInfo.InvariantCulture, $"""<text class="{kind}" x="{x:0.##}" y="{y:0.##}" text-anchor="{anchor}">{Escape(text, longest)}</text>""").Append('\n');

    public override string ToString() => _svg.ToString();
}
