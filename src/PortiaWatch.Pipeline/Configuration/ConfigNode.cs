using System.Globalization;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>One JSON value with its place in the file and its way from the root.</summary>
internal sealed class ConfigNode
{
    private const int KeyInPathLength = 40;
    private List<ConfigNode>? _children;

    public required JsonValueKind Kind { get; init; }

    /// <summary>Key in the object above; null for list items and the root.</summary>
    public string? Name { get; init; }

    /// <summary>Place in the list above.</summary>
    public int Index { get; init; }

    public ConfigNode? Parent { get; init; }

    /// <summary>1-based, of the key where there is one: an unknown key is marked where it stands.</summary>
    public required (int Line, int Column) NamePosition { get; init; }

    /// <summary>1-based, of the value.</summary>
    public required (int Line, int Column) Position { get; init; }

    /// <summary>The string, or the number as it is written; empty for everything else.</summary>
    public string Text { get; init; } = "";

    /// <summary>Members of an object, items of a list.</summary>
    public IReadOnlyList<ConfigNode> Children => _children ?? [];

    /// <summary>Built on demand: a path kept in every node would let a long key multiply itself.</summary>
    public string Path
    {
        get
        {
            if (Parent is null)
                return "$";
            if (Name is null)
                return string.Create(CultureInfo.InvariantCulture, $"{Parent.Path}[{Index}]");
            return Name.Length is > 0 and <= KeyInPathLength && Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$')
                ? $"{Parent.Path}.{Name}"
                : $"{Parent.Path}['{PlainText.Clean(Name, KeyInPathLength)}']";
        }
    }

    public void Add(ConfigNode child) => (_children ??= []).Add(child);
}
