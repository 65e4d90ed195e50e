using System.Globalization;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Verbs;

/// <summary>The endpoint that a user typed, or pasted from the address bar of a browser.</summary>
internal static class Target
{
    public static Endpoint Parse(string text) => Endpoint.TryParse(PlaceOf(text), out Endpoint? endpoint)
        ? endpoint is { Path: [not ('/' or '@'), ..] path } && !path.StartsWith("mach/", StringComparison.Ordinal) ? endpoint with { Path = Path.GetFullPath(path) } : endpoint
        : throw new UsageException($"\"{PlainText.Clean(text, 80)}\" is no port (1 to 65535), address or path. Write it as {Endpoint.TargetForms}.");

    // With its slashes an address of the web would pass for a path to a socket that is not there, and a taken port for a free one.
    private static string PlaceOf(string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal) || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out Uri? address) || address.IsFile || address.Scheme == "unix")
            return text;
        return string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}");
    }
}
