using System.Globalization;

namespace PortiaWatch.Running;

/// <summary>
/// Reads the plain forms of <c>portia run</c> without the command-line library, which takes as long to load as all the rest. What it does not know
/// (help, a mistake) is left to the library, which has the words for it.
/// </summary>
internal static class RunArguments
{
    /// <summary>
    /// The options begin after <c>run</c>; the command begins after <c>--</c>, or at the first word that is no option. Null: not a plain form.
    /// </summary>
    public static RunOptions? TryRead(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length < 2 || arguments[0] != "run")
            return null;
        var options = new RunOptions { Command = [] };
        RunMode? mode = null;
        for (int i = 1; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (argument == "--" || (argument.Length > 0 && argument[0] != '-'))
            {
                string[] command = arguments[(argument == "--" ? i + 1 : i)..].ToArray();
                return command.Length == 0 ? null : options with { Mode = mode ?? RunMode.Ask, Command = command };
            }

            if (ModeOf(argument) is { } named)
            {
                if (mode is not null && mode != named)
                    return null;
                mode = named;
            }
            else if (argument == "--retries" && i + 1 < arguments.Length && TryReadRetries(arguments[i + 1], out int retries))
            {
                options = options with { Retries = retries };
                i++;
            }
            else if (argument == "--config" && i + 1 < arguments.Length)
            {
                options = options with { Configuration = arguments[++i] };
            }
            else if (Switch(options, argument) is { } changed)
            {
                options = changed;
            }
            else
            {
                return null;
            }
        }

        return null;
    }

    public static bool TryReadRetries(string text, out int retries) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out retries) && retries <= 1000;

    private static RunMode? ModeOf(string argument) => argument switch
    {
        "--ask" => RunMode.Ask,
        "--free" => RunMode.Free,
        "--wait" => RunMode.Wait,
        "--next" => RunMode.Next,
        _ => null,
    };

    private static RunOptions? Switch(RunOptions options, string argument) => argument switch
    {
        "--json" => options with { IsJson = true },
        "--no-color" => options with { IsPlain = true },
        "--verbose" => options with { IsVerbose = true },
        _ => null,
    };
}
