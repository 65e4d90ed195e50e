using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Rendering;

/// <summary><c>portia.sighting/1</c>, one object a line.</summary>
internal static class ScanJson
{
    // Non-ASCII text is readable as it is; the text holds no control characters.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter stdout, Sighting sighting)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("schema", "portia.sighting/1");
            json.WriteNumber("record", sighting.Number);
            json.WriteString("kind", sighting.Kind == SightingKind.Resolved ? "resolved" : "collision");
            json.WriteString("transport", sighting.Endpoint.Transport switch { Transport.Tcp => "tcp", Transport.Udp => "udp", Transport.Unix => "unix", _ => null });
            json.WriteString("address", sighting.Endpoint.Address);
            if (sighting.Endpoint.Port is { } port)
                json.WriteNumber("port", port);
            else
                json.WriteNull("port");
            json.WriteString("path", sighting.Endpoint.Path);
            json.WriteString("pattern", sighting.Pattern);
            json.WriteString("text", sighting.Text);
            json.WriteEndObject();
        }

        stdout.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        stdout.Write('\n');
    }
}
