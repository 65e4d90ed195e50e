using System.Text;
using System.Xml;

namespace PortiaWatch.Darwin.Launchd;

/// <summary>The property list of our LaunchAgent.</summary>
internal static class AgentPlist
{
    /// <summary>Of the service, and with <c>.plist</c> of its file.</summary>
    public const string Label = "io.github.portiawatch.portia";

    /// <summary>
    /// Aqua: questions need a screen. Started again only after a failure, so that an orderly end is respected. No ProcessType: Background would slow an answer that must
    /// come within a second. No AssociatedBundleIdentifiers until there is an application.
    /// </summary>
    /// <param name="program">Absolute path and arguments, one string each: launchd asks no shell.</param>
    /// <param name="errorFile">For what a crash prints. Outside ~/Library/Logs, or we would watch ourselves.</param>
    /// <param name="environment">Of the service, whose own is minimal.</param>
    public static string Text(IReadOnlyList<string> program, string errorFile, IReadOnlyList<(string Name, string Value)> environment)
    {
        StringBuilder text = new();
        using (XmlWriter xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, IndentChars = "  ", NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            xml.WriteDocType("plist", "-//Apple//DTD PLIST 1.0//EN", "http://www.apple.com/DTDs/PropertyList-1.0.dtd", null);
            xml.WriteStartElement("plist");
            xml.WriteAttributeString("version", "1.0");
            xml.WriteStartElement("dict");
            Write(xml, "Label", Label);
            Write(xml, "LimitLoadToSessionType", "Aqua");
            xml.WriteElementString("key", "ProgramArguments");
            xml.WriteStartElement("array");
            foreach (string argument in program)
                xml.WriteElementString("string", argument);
            xml.WriteEndElement();
            xml.WriteElementString("key", "EnvironmentVariables");
            xml.WriteStartElement("dict");
            foreach ((string name, string value) in environment)
                Write(xml, name, value);
            xml.WriteEndElement();
            Write(xml, "RunAtLoad", true);
            xml.WriteElementString("key", "KeepAlive");
            xml.WriteStartElement("dict");
            Write(xml, "SuccessfulExit", false);
            xml.WriteEndElement();
            Write(xml, "StandardErrorPath", errorFile);
        }

        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n";
    }

    private static void Write(XmlWriter xml, string key, string value)
    {
        xml.WriteElementString("key", key);
        xml.WriteElementString("string", value);
    }

    private static void Write(XmlWriter xml, string key, bool value)
    {
        xml.WriteElementString("key", key);
        xml.WriteElementString(value ? "true" : "false", null);
    }
}
