using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Reads JSON with comments and trailing commas into nodes that know their place. Duplicate keys are reported: which one would win is anybody's guess.</summary>
internal ref struct ConfigTree
{
    private const int DeepestNesting = 32;
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly ConfigReport _report;
    private readonly List<int> _lineStarts = [0];
    private Utf8JsonReader _reader;
    private (int Offset, int Line, int Column) _last = (0, 1, 1);

    private ConfigTree(ReadOnlySpan<byte> utf8, ConfigReport report)
    {
        _utf8 = utf8;
        _report = report;
        for (int at = 0; at < utf8.Length; at++)
        {
            if (utf8[at] == (byte)'\n')
                _lineStarts.Add(at + 1);
        }

        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = DeepestNesting });
    }

    /// <summary>The root, or null when the text is no JSON (then the report says where it stops being it). A byte order mark is accepted.</summary>
    public static ConfigNode? Read(ReadOnlySpan<byte> utf8, ConfigReport report)
    {
        if (utf8.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        var tree = new ConfigTree(utf8, report);
        if (tree.FindInvalidUtf8() is { } offset)
        {
            report.At("$", tree.PositionOf(offset), "is not UTF-8 text from here on; save the file as UTF-8");
            return null;
        }

        try
        {
            return tree.ReadRoot();
        }
        catch (JsonException e)
        {
            int line = (int)(e.LineNumber ?? 0);
            int start = tree._lineStarts[Math.Min(line, tree._lineStarts.Count - 1)];
            report.At("$", tree.PositionOf(start + (int)(e.BytePositionInLine ?? 0)), Sentence(e));
            return null;
        }
    }

    private ConfigNode? ReadRoot()
    {
        if (_utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            _report.At("$", (1, 1), "is empty; the least that a file can say is {}");
            return null;
        }

        _reader.Read();
        ConfigNode root = ReadValue(null, null, 0, default);
        _reader.Read();
        return root;
    }

    private ConfigNode ReadValue(ConfigNode? parent, string? name, int index, (int Line, int Column) namePosition)
    {
        (int Line, int Column) position = PositionOf((int)_reader.TokenStartIndex);
        var node = new ConfigNode
        {
            Kind = KindOf(_reader.TokenType),
            Parent = parent,
            Name = name,
            Index = index,
            Position = position,
            NamePosition = name is null ? position : namePosition,
            Text = _reader.TokenType switch
            {
                JsonTokenType.String => ReadText(position),
                JsonTokenType.Number => Encoding.UTF8.GetString(_reader.ValueSpan),
                _ => "",
            },
        };
        if (node.Kind == JsonValueKind.Object)
            ReadMembers(node);
        else if (node.Kind == JsonValueKind.Array)
            ReadItems(node);
        return node;
    }

    private void ReadMembers(ConfigNode node)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            (int Line, int Column) position = PositionOf((int)_reader.TokenStartIndex);
            string name = ReadText(position);
            _reader.Read();
            ConfigNode member = ReadValue(node, name, 0, position);
            if (seen.Add(name))
                node.Add(member);
            else
                _report.AtName(member, $"the key \"{PlainText.Clean(name, 60)}\" is there twice; keep one of the two");
        }
    }

    private void ReadItems(ConfigNode node)
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            node.Add(ReadValue(node, null, node.Children.Count, default));
    }

    private readonly string ReadText((int Line, int Column) position)
    {
        try
        {
            return _reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // The reader checks the escape's form only; half a surrogate pair comes to light when the string is made.
            _report.At("$", position, "contains half a character: a \\u escape of a surrogate wants its other half");
            return "?";
        }
    }

    private readonly int? FindInvalidUtf8()
    {
        if (Utf8.IsValid(_utf8))
            return null;
        int offset = 0;
        while (Rune.DecodeFromUtf8(_utf8[offset..], out _, out int length) == OperationStatus.Done)
            offset += length;
        return offset;
    }

    /// <summary>Goes on from the place asked for last, so that a file of one long line is still read in one sweep.</summary>
    private (int Line, int Column) PositionOf(int offset)
    {
        offset = Math.Min(offset, _utf8.Length);
        int line = _lineStarts.BinarySearch(offset);
        if (line < 0)
            line = ~line - 1;
        (int from, int column) = line + 1 == _last.Line && offset >= _last.Offset ? (_last.Offset, _last.Column) : (_lineStarts[line], 1);
        foreach (byte b in _utf8[from..offset])
        {
            // Continuation bytes belong to a character that was counted already.
            if ((b & 0xC0) != 0x80)
                column++;
        }

        _last = (offset, line + 1, column);
        return (line + 1, column);
    }

    /// <summary>The framework's sentence without its own, 0-based account of the place.</summary>
    private static string Sentence(JsonException e)
    {
        string text = e.Message;
        int tail = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return "is not JSON: " + PlainText.Clean(tail < 0 ? text : text[..tail], 300);
    }

    private static JsonValueKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };
}
