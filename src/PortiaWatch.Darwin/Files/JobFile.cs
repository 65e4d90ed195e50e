using System.Xml;

namespace PortiaWatch.Darwin.Files;

/// <summary>The strings at the top of a launchd job's property list, which is XML or binary.</summary>
internal static class JobFile
{
    private const int LargestFile = 1024 * 1024;

    /// <summary>Null when it cannot be read or is none.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string path)
    {
        try
        {
            FileInfo file = new(path);
            return file.Length > LargestFile ? null : Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Null for what is no property list.</summary>
    public static IReadOnlyDictionary<string, string>? Parse(byte[] bytes)
    {
        if (BinaryPlist.IsOne(bytes))
            return BinaryPlist.TryReadStrings(bytes, out Dictionary<string, string>? strings) ? strings : null;
        try
        {
            return ParseXml(bytes);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static Dictionary<string, string>? ParseXml(byte[] bytes)
    {
        // The document type names a web address: it is never fetched, and nothing in it is expanded.
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true };
        using XmlReader xml = XmlReader.Create(new MemoryStream(bytes), settings);
        if (!xml.ReadToFollowing("plist") || !xml.ReadToDescendant("dict"))
            return null;
        Dictionary<string, string> strings = [];
        string? key = null;
        xml.Read();
        while (xml.NodeType == XmlNodeType.Element)
        {
            switch (xml.Name)
            {
                case "key":
                    key = xml.ReadElementContentAsString();
                    break;
                case "string" when key is not null:
                    strings[key] = xml.ReadElementContentAsString();
                    break;
                default:
                    xml.Skip();
                    break;
            }
        }

        return strings;
    }
}
