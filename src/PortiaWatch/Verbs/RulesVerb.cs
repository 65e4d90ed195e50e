using System.CommandLine;
using System.CommandLine.Parsing;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia rules check [FILE]</c> and <c>portia rules explain …</c>.</summary>
internal static class RulesVerb
{
    private const string StandardInput = "-";

    private static readonly Argument<string?> File = new("FILE")
    {
        Description = "The configuration to check; \"-\" is standard input; without it the one that would be used.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<Endpoint?> Port = new("--port")
    {
        Description = $"The port or endpoint that was refused: {Endpoint.TargetForms}. Without it the message names none.",
        HelpName = "TARGET",
        CustomParser = ParseEndpoint,
    };

    private static readonly Option<string?> Process = new("--process") { Description = "The holder's program.", HelpName = "NAME" };
    private static readonly Option<bool?> SameProject = new("--same-project") { Description = "The holder works in the contender's project (or, with \"false\", in another)." };
    private static readonly Option<bool> Orphan = new("--orphan") { Description = "What started the holder is gone." };
    private static readonly Option<TimeSpan?> Age = new("--age") { Description = "How long the holder has been running, such as 5m.", HelpName = "DURATION", CustomParser = ParseAge };
    private static readonly Option<string?> Supervisor = new("--supervisor") { Description = "Who would start the holder again: systemd, homebrew, pm2, …", HelpName = "KIND" };
    private static readonly Option<bool> OtherUser = new("--other-user") { Description = "The holder belongs to another user." };
    private static readonly Option<string> TrustWord = Words("--trust", "Where the evidence comes from.", "system", "kernel", "child", "system", "text");
    private static readonly Option<string> State = Words("--state", "What the socket table says.", "held", "held", "free", "timeWait", "reserved", "unknown");
    private static readonly Option<string> Kind = Words("--kind", "What became of the refused program.", "collision", "collision", "resolved", "soft");
    private static readonly Option<string?> Recorded = new("--incident") { Description = "Explain recorded incidents (lines of \"portia watch --json\"); \"-\" is standard input.", HelpName = "FILE" };

    private static readonly Option<string?> Only = new("--rule") { Description = "Look at this rule only, as if it stood first.", HelpName = "RULE" };

    public static Command Create()
    {
        var check = new Command("check", "Check a configuration: every error with its place, and what is probably not meant.") { File };
        check.SetAction(Check);
        var explain = new Command("explain", "Say which rule decides for a described or a recorded incident, and why each earlier one did not.")
        {
            Port, Process, SameProject, Orphan, Age, Supervisor, OtherUser, TrustWord, State, Kind, Recorded, Only,
        };
        explain.SetAction(Explain);
        return new Command("rules", "Check the rules, and see what they would do.") { check, explain };
    }

    private static int Check(ParseResult parsed)
    {
        var terminal = new Terminal(parsed);
        var check = new RulesCheck(terminal.Answers, terminal.RawAnswers, Console.Error, terminal.IsJson);
        string? named = parsed.GetValue(File) ?? parsed.GetValue(GlobalOptions.Config);
        if (named == StandardInput)
        {
            byte[] utf8 = ReadStandardInput();
            return check.Run(ConfigLoader.Parse(utf8, "standard input"), utf8);
        }

        // As suspicious as the watcher is: what is valid here must not be refused there.
        FileOwnership ownership = Composition.OwnershipOn(Platforms.Here());
        ConfigResult result = ConfigLoader.LoadOrDefault(named, StandardPath, ownership);
        return check.Run(result, result.IsValid ? default : ConfigLoader.ReadText(result.Origin, ownership).Utf8);
    }

    private static int Explain(ParseResult parsed)
    {
        var terminal = new Terminal(parsed);
        FileOwnership ownership = Composition.OwnershipOn(Platforms.Here());
        ConfigResult result = ConfigLoader.LoadOrDefault(parsed.GetValue(GlobalOptions.Config), StandardPath, ownership);
        if (!result.IsValid)
            throw new UsageException(string.Join('\n', result.Errors));
        Settings settings = parsed.GetValue(Only) is { } name ? OnlyRule(result.Settings, name) : result.Settings;
        var explain = new RulesExplain(terminal.Answers, terminal.RawAnswers, terminal.IsJson);
        if (parsed.GetValue(Recorded) is { } recording)
            return ExplainRecorded(explain, recording, settings);

        string system = OperatingSystem.IsMacOS() ? "macos" : "linux";
        Squatters squatters = Squatters.Load(system, Path.Combine(Folders.Configuration, "squatters.json"), error => Console.Error.WriteLine(error), ownership);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return explain.Run(Describe(parsed).ToIncident(squatters, now), settings, now);
    }

    private static Settings OnlyRule(Settings settings, string name) => settings.Rules.FirstOrDefault(rule => rule.Title == name) is { } rule
        ? settings with { Rules = rule == Rule.Last ? [rule] : [rule, Rule.Last] }
        : throw new UsageException($"There is no rule \"{PlainText.Clean(name, 80)}\". There are: {string.Join(", ", settings.Rules.Select(known => $"\"{PlainText.Clean(known.Title, 80)}\""))}.");

    private static DescribedIncident Describe(ParseResult parsed) => new()
    {
        Endpoint = parsed.GetValue(Port),
        Process = parsed.GetValue(Process),
        SameProject = parsed.GetValue(SameProject),
        Orphan = parsed.GetValue(Orphan),
        Age = parsed.GetValue(Age),
        Supervisor = parsed.GetValue(Supervisor),
        OtherUser = parsed.GetValue(OtherUser),
        Trust = Choice<Trust>(parsed, TrustWord),
        State = Choice<PortState>(parsed, State),
        Kind = Choice<SightingKind>(parsed, Kind),
    };

    private static int ExplainRecorded(RulesExplain explain, string recording, Settings settings)
    {
        int number = 0;
        foreach (string line in Lines(recording))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (RecordedIncidents.Read(line, out string? error) is not { } recorded)
                throw new UsageException($"{PlainText.Clean(recording, 200)}:{number}: {error}");
            explain.Run(recorded.Incident, settings, recorded.At);
        }

        return number > 0 ? ExitCode.Done : throw new UsageException($"{PlainText.Clean(recording, 200)}: there is no incident in it");
    }

    private static IEnumerable<string> Lines(string recording)
    {
        if (recording != StandardInput && !System.IO.File.Exists(recording))
            throw new UsageException($"{PlainText.Clean(recording, 200)}: there is no such file");
        using TextReader reader = recording == StandardInput ? new StreamReader(Console.OpenStandardInput()) : System.IO.File.OpenText(recording);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static byte[] ReadStandardInput()
    {
        using Stream input = Console.OpenStandardInput();
        using var text = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        int read;

        // One buffer more than the loader accepts is enough for it to refuse.
        while (text.Length <= 1024 * 1024 && (read = input.Read(buffer)) > 0)
            text.Write(buffer, 0, read);
        return text.ToArray();
    }

    private static string StandardPath => Path.Combine(Folders.Configuration, "portia.json");

    private static Option<string> Words(string name, string description, string standard, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', words), DefaultValueFactory = _ => standard };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    private static T Choice<T>(ParseResult parsed, Option<string> option)
        where T : struct, Enum => Enum.Parse<T>(parsed.GetRequiredValue(option), ignoreCase: true);

    private static Endpoint? ParseEndpoint(ArgumentResult result)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (!Endpoint.TryParse(text, out Endpoint? endpoint))
            result.AddError($"\"{PlainText.Clean(text, 80)}\" is no port, address or path. Write it as {Endpoint.TargetForms}.");
        return endpoint;
    }

    private static TimeSpan? ParseAge(ArgumentResult result)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (!DurationText.TryParse(text, out TimeSpan age))
            result.AddError($"\"{PlainText.Clean(text, 80)}\" is no duration. Write {DurationText.Forms}.");
        return age;
    }
}
