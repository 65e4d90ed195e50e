using System.Text.Json;

namespace PortiaWatch.Darwin.LogStream;

/// <summary>
/// One line of <c>log --style ndjson</c>. Its keys come in another order in each release and it is not pure NDJSON, so nothing is taken for granted; who wrote it comes
/// from the system's own fields, never from the message.
/// </summary>
internal sealed record LogLine
{
    public required LogLineKind Kind { get; init; }

    /// <summary>UTF-8, unescaped; empty where there is none.</summary>
    public byte[] Message { get; init; } = [];

    /// <summary>0 for the kernel.</summary>
    public int ProcessId { get; init; }

    /// <summary>Missing in records of older releases.</summary>
    public uint? UserId { get; init; }

    public string? ProcessImagePath { get; init; }

    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Stream and show give one record different timestamps, but these three alike.</summary>
    public (ulong MachTimestamp, ulong Thread, ulong Trace) Key { get; init; }

    private static LogLine Broken { get; } = new() { Kind = LogLineKind.Broken };

    /// <summary>Reads a line without its end. Never throws.</summary>
    public static LogLine Parse(ReadOnlySpan<byte> line)
    {
        line = line.Trim((byte)' ').TrimEnd((byte)'\r');
        if (line.IsEmpty || line[0] != '{')
            return new LogLine { Kind = LogLineKind.Banner };
        try
        {
            Utf8JsonReader reader = new(line);
            return Parse(ref reader);
        }
        catch (JsonException)
        {
            return Broken;
        }
        catch (InvalidOperationException)
        {
            // A string with a lone surrogate or invalid UTF-8 in it.
            return Broken;
        }
    }

    private static LogLine Parse(ref Utf8JsonReader reader)
    {
        LogLine line = new() { Kind = LogLineKind.Control };
        bool hasMessage = false;
        bool isFinished = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString() ?? "";
            reader.Read();
            switch (name, reader.TokenType)
            {
                case ("eventMessage", JsonTokenType.String):
                    (line, hasMessage) = (line with { Message = Bytes(ref reader) }, true);
                    break;
                case ("processImagePath", JsonTokenType.String):
                    line = line with { ProcessImagePath = reader.GetString() };
                    break;
                case ("timestamp", JsonTokenType.String):
                    line = line with { Timestamp = LogTimestamp.Parse(reader.GetString()) };
                    break;
                case ("eventType", JsonTokenType.String) when reader.ValueTextEquals("lossEvent"u8):
                    line = line with { Kind = LogLineKind.Loss };
                    break;
                case ("finished", _):
                    isFinished = true;
                    break;
                case (_, JsonTokenType.Number):
                    line = line.WithNumber(name, ref reader);
                    break;
            }

            reader.Skip();
        }

        if (line.Kind == LogLineKind.Loss)
            return line;
        return line with { Kind = hasMessage ? LogLineKind.Message : isFinished ? LogLineKind.Trailer : LogLineKind.Control };
    }

    private LogLine WithNumber(string name, ref Utf8JsonReader reader) => name switch
    {
        "processID" when reader.TryGetInt32(out int pid) => this with { ProcessId = pid },
        "userID" when reader.TryGetUInt32(out uint uid) => this with { UserId = uid },
        "machTimestamp" when reader.TryGetUInt64(out ulong mach) => this with { Key = Key with { MachTimestamp = mach } },
        "threadID" when reader.TryGetUInt64(out ulong thread) => this with { Key = Key with { Thread = thread } },

        // Beyond 2^53: never as a double.
        "traceID" when reader.TryGetUInt64(out ulong trace) => this with { Key = Key with { Trace = trace } },
        _ => this,
    };

    private static byte[] Bytes(ref Utf8JsonReader reader)
    {
        byte[] buffer = new byte[reader.ValueSpan.Length];
        int length = reader.CopyString(buffer);
        return buffer[..length];
    }
}
