using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Verbs;

/// <summary>The endpoint that a user typed.</summary>
internal static class Target
{
    public static Endpoint Parse(string text) => Endpoint.TryParse(text, out Endpoint? endpoint)
        ? endpoint is { Path: [not ('/' or '@'), ..] path } && !path.StartsWith("mach/", StringComparison.Ordinal) ? endpoint with { Path = Path.GetFullPath(path) } : endpoint
        : throw new UsageException($"\"{PlainText.Clean(text, 80)}\" is no port (1 to 65535), address or path. Write it as {Endpoint.TargetForms}.");
}
