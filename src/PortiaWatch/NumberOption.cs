using System.CommandLine;
using System.Globalization;

namespace PortiaWatch;

/// <summary>An option that takes a whole number: whatever else is written is one plain sentence, not an error of a type.</summary>
internal static class NumberOption
{
    /// <summary>Refuses everything but a number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static void Between<T>(this Option<T> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0
            && !(int.TryParse(result.Tokens[^1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most))
        {
            result.AddError($"{option.Name} takes a number from {least} to {most}.");
        }
    });
}
