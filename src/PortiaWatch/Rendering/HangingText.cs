using Spectre.Console;
using Spectre.Console.Rendering;

namespace PortiaWatch.Rendering;

/// <summary>
/// A label and a sentence beside it. On a narrow screen the sentence is wrapped at its spaces, and its further lines begin where the first began. Where nobody looks
/// (a file, a pipe) it stays one line.
/// </summary>
internal static class HangingText
{
    // Fewer columns hold no sentence: then it goes below its label.
    private const int LeastRoom = 20;
    private const int IndentBelow = 4;

    /// <param name="console">Where to.</param>
    /// <param name="label">With the space behind it.</param>
    /// <param name="labelStyle">Of the label.</param>
    /// <param name="text">Clean, without a line end.</param>
    /// <param name="style">Of the sentence.</param>
    public static void Write(IAnsiConsole console, string label, Style? labelStyle, string text, Style? style = null)
    {
        console.Write(new Text(label, labelStyle));
        int width = console.Profile.Width, indent = CellsOf(label);
        if (width >= Terminal.WidthWithoutTerminal || indent + CellsOf(text) <= width)
        {
            console.Write(new Text(text + "\n", style));
            return;
        }

        if (width - indent < LeastRoom)
        {
            console.Write(new Text("\n" + new string(' ', IndentBelow)));
            indent = IndentBelow;
        }

        // The terminal itself goes on to the next row when the last column is written; the console counts each line on its own.
        string hanging = $"\n{new string(' ', indent)}";
        foreach ((int number, string line) in Wrap(text, Math.Max(1, width - indent)).Index())
            console.Write(new Text(number == 0 ? line : hanging + line, style));
        console.Write(new Text("\n"));
    }

    /// <summary>Lines of at most <paramref name="room"/> columns, broken at spaces; only a word that is longer than a line is broken itself.</summary>
    internal static IEnumerable<string> Wrap(string text, int room)
    {
        string line = "";
        foreach (string next in text.Split(' '))
        {
            string word = next;
            if (line.Length > 0 && CellsOf(line) + 1 + CellsOf(word) <= room)
            {
                line += " " + word;
                continue;
            }

            if (line.Length > 0)
                yield return line;
            while (CellsOf(word) > room)
            {
                int fits = Fitting(word, room);
                yield return word[..fits];
                word = word[fits..];
            }

            line = word;
        }

        yield return line;
    }

    private static int Fitting(string word, int room)
    {
        int count = Math.Min(room, word.Length);
        while (count > 1 && (CellsOf(word[..count]) > room || char.IsLowSurrogate(word[count])))
            count--;
        return count;
    }

    private static int CellsOf(string text) => new Segment(text).CellCount();
}
