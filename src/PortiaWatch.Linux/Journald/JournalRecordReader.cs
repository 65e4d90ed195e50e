using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Journald;

/// <summary>
/// Parses one line of <c>journalctl -o json</c>. All scalars are strings there; a value with bytes that are not printable UTF-8 is an array of numbers, a repeated field an
/// array of values, one too long for it null.
/// </summary>
internal static class JournalRecordReader
{
    /// <summary>False for anything but a JSON object of that shape; never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, [NotNullWhen(true)] out JournalRecord? record)
    {
        record = null;
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            record = ReadObject(ref reader);
            return !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            // InvalidOperationException: half a surrogate pair among the escapes, or an array that mixes bytes with values.
            record = null;
            return false;
        }
    }

    private static JournalRecord ReadObject(ref Utf8JsonReader reader)
    {
        var record = new JournalRecord();
        int? pid = null;
        uint? uid = null;
        string? unit = null, userUnit = null, name = null, executable = null, containerId = null, containerName = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("MESSAGE"u8))
            {
                var message = ReadValue(ref reader);
                record = record with { Message = message ?? [], IsMessageWithheld = message is null };
            }
            else if (reader.ValueTextEquals("__CURSOR"u8))
                record = record with { Cursor = ReadText(ref reader) };
            else if (reader.ValueTextEquals("__REALTIME_TIMESTAMP"u8))
                record = record with { Time = ReadTime(ref reader) };
            else if (reader.ValueTextEquals("_PID"u8))
                pid = ReadNumber(ref reader) is > 0 and <= int.MaxValue and { } number ? (int)number : null;
            else if (reader.ValueTextEquals("_UID"u8))
                uid = ReadNumber(ref reader) is >= 0 and <= uint.MaxValue and { } number ? (uint)number : null;
            else if (reader.ValueTextEquals("_COMM"u8))
                name = ReadText(ref reader);
            else if (reader.ValueTextEquals("_EXE"u8))
                executable = ReadText(ref reader);
            else if (reader.ValueTextEquals("_SYSTEMD_UNIT"u8))
                unit = ReadText(ref reader);
            else if (reader.ValueTextEquals("_SYSTEMD_USER_UNIT"u8))
                userUnit = ReadText(ref reader);
            else if (reader.ValueTextEquals("MESSAGE_ID"u8))
                record = record with { IsOutcome = ReadText(ref reader) == OutcomeEntry.MessageId };
            else if (reader.ValueTextEquals("CONTAINER_ID"u8))
                containerId = ReadText(ref reader);
            else if (reader.ValueTextEquals("CONTAINER_NAME"u8))
                containerName = ReadText(ref reader);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (pid is not { } known)
            return record;
        if (ContainerRelay.Where(known, name, containerName ?? containerId) is { } elsewhere)
            return record with { Sender = new Sender(0) { Elsewhere = elsewhere, IsRelayed = true } };

        // A user's service runs in user@1000.service as the system sees it; its own name is the one that says something.
        return record with { Sender = new Sender(known) { Uid = uid, Name = name, Executable = executable, Unit = userUnit ?? unit } };
    }

    private static DateTimeOffset? ReadTime(ref Utf8JsonReader reader)
    {
        var latest = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return ReadNumber(ref reader) is >= 0 and { } microseconds && microseconds < latest ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond) : null;
    }

    private static long? ReadNumber(ref Utf8JsonReader reader)
    {
        var text = ReadValue(ref reader);
        return Utf8Parser.TryParse(text, out long number, out var used) && used == text?.Length ? number : null;
    }

    private static string? ReadText(ref Utf8JsonReader reader) => ReadValue(ref reader) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Bytes of the next value; null for JSON null.</summary>
    private static byte[]? ReadValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => Unescape(ref reader),
            JsonTokenType.StartArray => ReadArray(ref reader, mayHoldArrays: true),
            _ => throw new JsonException("not a journal value"),
        };
    }

    private static byte[] ReadArray(ref Utf8JsonReader reader, bool mayHoldArrays)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var isFirst = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number)
            {
                bytes.Write([reader.GetByte()]);
                continue;
            }

            if (!mayHoldArrays)
                throw new JsonException("not a byte");
            if (!isFirst)
                bytes.Write("\n"u8);
            isFirst = false;
            switch (reader.TokenType)
            {
                case JsonTokenType.String:
                    bytes.Write(Unescape(ref reader));
                    break;
                case JsonTokenType.StartArray:
                    bytes.Write(ReadArray(ref reader, mayHoldArrays: false));
                    break;
                case not JsonTokenType.Null:
                    throw new JsonException("not a journal value");
            }
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Unescape(ref Utf8JsonReader reader)
    {
        var bytes = new byte[reader.ValueSpan.Length];
        return bytes[..reader.CopyString(bytes)];
    }
}
