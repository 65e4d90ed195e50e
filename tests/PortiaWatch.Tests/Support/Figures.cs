using System.Globalization;

namespace PortiaWatch.Tests.Support;

/// <summary>What a test measured, for the closing lines of <c>./test.sh</c>; and whether this is its long run.</summary>
internal static class Figures
{
    private static readonly Lock Gate = new();

    public static bool IsLong => Environment.GetEnvironmentVariable("PORTIA_LONG") == "1";

    /// <summary>The first in the usual run, the second in the long one.</summary>
    public static int Rounds(int usual, int extended) => IsLong ? extended : usual;

    /// <summary>One line for the file that PORTIA_FIGURES names; without one nobody asked.</summary>
    public static void Add(FormattableString line)
    {
        if (Environment.GetEnvironmentVariable("PORTIA_FIGURES") is not { Length: > 0 } file)
            return;
        lock (Gate)
            File.AppendAllText(file, line.ToString(CultureInfo.InvariantCulture) + "\n");
    }
}
