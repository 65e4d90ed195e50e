using System.CommandLine;
using System.Globalization;
using PortiaWatch.Pipeline.Detection;

namespace PortiaWatch.Verbs;

/// <summary><c>portia scan</c>: finds the collisions in logs, offline.</summary>
internal static class ScanVerb
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Log files or globs; - is standard input.", Arity = ArgumentArity.ZeroOrMore };
        var format = new Option<LogFormat>("--format") { Description = "What the lines are: auto, text, logstream or journal.", DefaultValueFactory = _ => LogFormat.Auto };
        format.AcceptOnlyFromAmong("auto", "text", "logstream", "journal");
        var since = new Option<DateTimeOffset?>("--since")
        {
            Description = "Leave out what the log says is older: 90s, 10m, 2h, 3d or a date and time.",
            HelpName = "T",
            CustomParser = result =>
            {
                if (TryParseSince(result.Tokens[0].Value, TimeProvider.System.GetLocalNow(), out var moment))
                    return moment;
                result.AddError($"'{result.Tokens[0].Value}' is no time; write 90s, 10m, 2h, 3d or a date and time.");
                return null;
            },
        };
        var context = new Option<int>("--context") { Description = "Show N lines before and after.", HelpName = "N" };
        context.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 100)
                result.AddError("--context takes a number from 0 to 100.");
        });
        var command = new Command("scan", "Find the collisions in logs, offline.") { files, format, since, context };
        command.SetAction((parsed, cancellation) =>
        {
            var isColored = !Console.IsOutputRedirected && !parsed.GetValue(GlobalOptions.NoColor) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
            var named = parsed.GetValue(files) ?? [];
            return ScanRun.ExecuteAsync(
                new ScanOptions
                {
                    Files = named.Length == 0 && Console.IsInputRedirected ? ["-"] : named,
                    Format = parsed.GetValue(format),
                    IsJson = parsed.GetValue(GlobalOptions.Json),
                    Since = parsed.GetValue(since),
                    Context = parsed.GetValue(context),
                    IsColored = isColored,
                    Progress = Console.IsErrorRedirected ? null : Console.Error,
                    Width = Console.IsOutputRedirected ? 200 : Math.Max(Console.WindowWidth, 60),
                },
                Console.Out,
                Console.Error,
                cancellation);
        });
        return command;
    }

    /// <summary>A span back from now, or a moment.</summary>
    public static bool TryParseSince(string text, DateTimeOffset now, out DateTimeOffset since)
    {
        since = default;
        if (text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount < 100_000)
        {
            TimeSpan? span = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(amount),
                'm' => TimeSpan.FromMinutes(amount),
                'h' => TimeSpan.FromHours(amount),
                'd' => TimeSpan.FromDays(amount),
                _ => null,
            };
            if (span is { } back)
            {
                since = now - back;
                return true;
            }
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out since);
    }
}
