namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Many phrases looked for at once, exactly. It is asked only about lines that may tell of a collision, so that what counts is not the last nanosecond but that it is ready at
/// once: the framework's own search for many strings must be compiled at run time, which took longer than reading most files.
/// </summary>
internal sealed class PhraseSet
{
    private const int Ascii = 128;

    private readonly string[]?[] _byFirst = new string[Ascii][];
    private readonly bool[] _isSecond = new bool[Ascii * Ascii];
    private readonly string[] _others;

    /// <param name="phrases">Each of at least two characters.</param>
    public PhraseSet(params IEnumerable<string> phrases)
    {
        var others = new List<string>();
        foreach (var phrase in phrases)
        {
            if (phrase[0] < Ascii)
            {
                _byFirst[phrase[0]] = [.. _byFirst[phrase[0]] ?? [], phrase];
                _isSecond[Pair(phrase[0], phrase[1])] = true;
            }
            else
                others.Add(phrase);
        }

        _others = [.. others];
    }

    public bool IsIn(ReadOnlySpan<char> text) => IndexIn(text) >= 0;

    /// <summary>Where the first of them begins; -1 when there is none.</summary>
    public int IndexIn(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var candidates = text[at] < Ascii ? _byFirst[text[at]] : _others;
            if (candidates is null || text[at] < Ascii && (at + 1 == text.Length || !_isSecond[Pair(text[at], text[at + 1])]))
                continue;
            var rest = text[at..];
            foreach (var phrase in candidates)
            {
                if (rest.StartsWith(phrase))
                    return at;
            }
        }

        return -1;
    }

    // Two characters leave out nearly every place; one beyond ASCII shares its mark with another.
    private static int Pair(char first, char second) => first * Ascii + second % Ascii;
}
