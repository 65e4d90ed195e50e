using System.Runtime.InteropServices;
using System.Text;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>One line of text, cleaned of control characters and escape sequences, with its words and the endpoints that it mentions.</summary>
internal sealed class Line
{
    // Two windows of this length hold any sentence worth reading; what lies beyond in a minified or runaway line is not part of it.
    public const int MaxChars = 8192;

    // Fewer than in most lines, so that one allocation holds the words.
    private const int CharsPerWord = 5;

    private const string SentenceEnds = ".!?;。！？";

    private readonly List<Word> _words;
    private Sense _senses;
    private IReadOnlyList<Evidence>? _evidence;
    private IReadOnlyList<Mention>? _mentions;

    public Line(string text, long number, long order)
    {
        Number = number;
        Order = order;
        Text = PlainText.Clean(text, MaxChars);
        IsIndented = text.Length > 0 && text[0] is ' ' or '\t' || text.StartsWith('\x1b') && Text.StartsWith("at ", StringComparison.Ordinal);
        Lower = ToLower(Text);
        _words = new List<Word>(Lower.Length / CharsPerWord + 1);
        ReadWords();
    }

    /// <summary>1-based number of the line or record in its source.</summary>
    public long Number { get; }

    /// <summary>Grows from line to line, also between the lines of one record.</summary>
    public long Order { get; }

    public bool IsIndented { get; }

    public string Text { get; }

    public string Lower { get; }

    public ReadOnlySpan<Word> Words => CollectionsMarshal.AsSpan(_words);

    /// <summary>Read when they are first asked for: most lines are left before that.</summary>
    public IReadOnlyList<Mention> Mentions => _mentions ??= MentionReader.Read(this);

    /// <summary>What of it tells of a refused bind.</summary>
    public IReadOnlyList<Evidence> Evidence => _evidence ??= EvidenceReader.Read(this);

    public bool IsBlank => Text.Length == 0;

    public ReadOnlySpan<char> this[Word word] => Lower.AsSpan(word.Start, word.Length);

    public bool Says(int index, string word) => (uint)index < (uint)Words.Length && Words[index].Length == word.Length && this[Words[index]].SequenceEqual(word);

    public bool Has(int index, Sense sense) => (uint)index < (uint)Words.Length && Words[index].Has(sense);

    public bool HasAny(Sense sense) => (_senses & sense) != 0;

    /// <summary>True when one of the words is one of these.</summary>
    public bool SaysAny(params ReadOnlySpan<string> any)
    {
        foreach (ref readonly var word in Words)
        {
            foreach (var text in any)
            {
                if (word.Length == text.Length && this[word].SequenceEqual(text))
                    return true;
            }
        }

        return false;
    }

    public bool Contains(string lower) => Lower.Contains(lower, StringComparison.Ordinal);

    /// <summary>Index of the first word that starts at or after <paramref name="position"/>; the number of words when there is none.</summary>
    public int WordAt(int position)
    {
        var low = 0;
        var high = _words.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_words[middle].Start < position)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    public int SentenceAt(int position)
    {
        var index = WordAt(position);
        if (index < _words.Count && _words[index].Start == position)
            return _words[index].Sentence;
        return index > 0 ? _words[index - 1].Sentence : 0;
    }

    // ASCII, as nearly every line, is vectorised; the invariant table is not.
    private static string ToLower(string text)
    {
        if (!Ascii.IsValid(text))
            return text.ToLowerInvariant().Replace('’', '\'');
        return string.Create(text.Length, text, static (into, from) => Ascii.ToLower(from, into, out _));
    }

    // A word is a run of Latin letters and digits, or of letters of another script: "端口8080" is two. A dot inside ("0.0.0.0", "e.g.") ends no sentence.
    private void ReadWords()
    {
        var sentence = 0;
        for (var i = 0; i < Lower.Length;)
        {
            var c = Lower[i];
            if (!char.IsLetterOrDigit(c))
            {
                if (SentenceEnds.Contains(c) && (i + 1 == Lower.Length || Lower[i + 1] is ' ' or '"' or '\'' or ')' or ']' || c > 0x7f))
                    sentence++;
                i++;
                continue;
            }

            var start = i;
            var isLatin = IsLatin(c);
            while (i < Lower.Length && (char.IsLetterOrDigit(Lower[i]) && IsLatin(Lower[i]) == isLatin || IsApostrophe(i, start)))
                i++;
            var sense = Lexicon.Look(Lower.AsSpan(start, i - start));
            _senses |= sense;
            _words.Add(new Word(start, i - start, sense, sentence));
        }
    }

    private static bool IsLatin(char c) => c < 0x250;

    // Only "can't", "it's", "we'll", "we're": a closing quote before a letter is no apostrophe.
    private bool IsApostrophe(int i, int start)
    {
        if (Lower[i] != '\'' || i == start || !char.IsAsciiLetter(Lower[i - 1]))
            return false;
        var end = i + 1;
        while (end < Lower.Length && char.IsAsciiLetter(Lower[end]))
            end++;
        return end - i is 2 or 3 && Lower[i + 1] is 't' or 's' or 'l' or 'r';
    }
}
