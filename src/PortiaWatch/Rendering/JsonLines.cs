using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PortiaWatch.Rendering;

/// <summary>One JSON object a line.</summary>
internal static class JsonLines
{
    public static void Write(TextWriter answers, Action<Utf8JsonWriter> fill)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
            fill(json);
        answers.Write(Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
        answers.Flush();
    }
}
