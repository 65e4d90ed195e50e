using System.Collections.Frozen;
using System.Reflection;

namespace PortiaWatch.Web;

/// <summary>One file of the page, out of the program itself.</summary>
/// <param name="Type">Its media type.</param>
/// <param name="Bytes">As it is sent.</param>
internal sealed record PageFile(string Type, byte[] Bytes)
{
    private const string Prefix = "page/";

    /// <summary>All of them by name.</summary>
    public static FrozenDictionary<string, PageFile> ReadAll()
    {
        Assembly program = typeof(PageFile).Assembly;
        return program.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(name => name[Prefix.Length..], Read, StringComparer.Ordinal);

        PageFile Read(string name)
        {
            using Stream stream = program.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the program");
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return new PageFile(TypeOf(Path.GetExtension(name)), bytes);
        }
    }

    private static string TypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
