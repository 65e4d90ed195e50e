using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Collects errors and reads the plain shapes that every section is made of. A reader that reports returns a stand-in, so that all errors come out at once.</summary>
internal sealed class ConfigReport(string origin)
{
    private const int ShownErrors = 50;
    private const int ShownTextLength = 60;
    private readonly List<ConfigError> _errors = [];

    public bool IsClean => _errors.Count == 0;

    public IReadOnlyList<ConfigError> Errors => [.. _errors.OrderBy(e => e.Line).ThenBy(e => e.Column)];

    public void AtValue(ConfigNode node, string message) => At(node.Path, node.Position, message);

    public void AtName(ConfigNode node, string message) => At(node.Path, node.NamePosition, message);

    public void At(string path, (int Line, int Column) position, string message)
    {
        // A file that is something else altogether would bury its first, useful errors.
        if (_errors.Count < ShownErrors)
            _errors.Add(new ConfigError(origin, path, position.Line, position.Column, message));
    }

    /// <summary>The members whose keys are allowed; every other key is reported with the nearest allowed one.</summary>
    public IEnumerable<ConfigNode> Members(ConfigNode node, IReadOnlyList<string> allowed)
    {
        if (node.Kind != JsonValueKind.Object)
        {
            AtValue(node, $"wants an object with {Spelling.Join(allowed)}, not {Describe(node)}");
            yield break;
        }

        foreach (ConfigNode member in node.Children)
        {
            if (allowed.Contains(member.Name!, StringComparer.Ordinal))
                yield return member;
            else
                AtName(member, $"unknown key \"{Shown(member.Name!)}\"; {Spelling.Suggest(member.Name!, allowed)}");
        }
    }

    public IReadOnlyList<ConfigNode> Items(ConfigNode node, string example)
    {
        if (node.Kind == JsonValueKind.Array)
            return node.Children;
        AtValue(node, $"wants a list such as {example}, not {Describe(node)}");
        return [];
    }

    public bool Flag(ConfigNode node)
    {
        if (node.Kind is JsonValueKind.True or JsonValueKind.False)
            return node.Kind == JsonValueKind.True;
        AtValue(node, $"wants true or false, not {Describe(node)}");
        return false;
    }

    /// <summary>A string with something other than blanks in it.</summary>
    public string Words(ConfigNode node, string what)
    {
        if (node.Kind != JsonValueKind.String)
            AtValue(node, $"wants {what} as a string, not {Describe(node)}");
        else if (string.IsNullOrWhiteSpace(node.Text))
            AtValue(node, $"is empty; wants {what}");
        else if (node.Text.Contains('\0', StringComparison.Ordinal))
            AtValue(node, $"contains a NUL character; wants {what}");
        return node.Text;
    }

    public T Choice<T>(ConfigNode node, IReadOnlyList<(string Word, T Value)> choices)
    {
        if (node.Kind == JsonValueKind.String)
        {
            foreach ((string word, T value) in choices)
            {
                if (node.Text == word)
                    return value;
            }
        }

        string[] words = [.. choices.Select(c => c.Word)];
        AtValue(node, node.Kind == JsonValueKind.String
            ? $"unknown value \"{Shown(node.Text)}\"; {Spelling.Suggest(node.Text, words)}"
            : $"wants {Spelling.Join(words)}, not {Describe(node)}");
        return choices[0].Value;
    }

    public TimeSpan Duration(ConfigNode node, TimeSpan least, TimeSpan most)
    {
        if (node.Kind != JsonValueKind.String || !DurationText.TryParse(node.Text, out TimeSpan duration))
            AtValue(node, $"wants a duration, {DurationText.Forms}, not {Describe(node)}");
        else if (duration < least || duration > most)
            AtValue(node, $"must be between \"{DurationText.Of(least)}\" and \"{DurationText.Of(most)}\", not {Describe(node)}");
        else
            return duration;
        return least;
    }

    public static string Describe(ConfigNode node) => node.Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"\"{Shown(node.Text)}\"",
        JsonValueKind.Number => Shown(node.Text),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static string Shown(string text) => PlainText.Clean(text, ShownTextLength);
}
