using System.CommandLine;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;

namespace PortiaWatch.Verbs;

/// <summary>What <c>history</c> and <c>stats</c> let the user choose by.</summary>
internal sealed class HistoryOptions
{
    // "acting" is what has no outcome yet.
    private const string Acting = "acting";

    private readonly Option<int?> _port = new("--port") { Description = "Only this port.", HelpName = "N" };
    private readonly Option<string?> _program = new("--program") { Description = "Only where this program was refused or held the port; * and ? stand for anything.", HelpName = "NAME" };
    private readonly Option<DateTimeOffset?> _since = TimeOption("--since", "Only since then: 90s, 10m, 2h, 3d ago, or a date and time.");
    private readonly Option<DateTimeOffset?> _until = TimeOption("--until", "Only before then.");
    private readonly Option<string[]> _outcome = new("--outcome") { Description = $"Only with this outcome: {string.Join(", ", Outcomes)}.", HelpName = "KIND", AllowMultipleArgumentsPerToken = true };

    public HistoryOptions()
    {
        _port.Between(1, 65535);
        _outcome.Validators.Add(result =>
        {
            if (result.Tokens.Select(token => token.Value).FirstOrDefault(value => !Outcomes.Contains(value, StringComparer.OrdinalIgnoreCase)) is { } unknown)
                result.AddError($"There is no outcome \"{PlainText.Clean(unknown, 40)}\". Choose from: {string.Join(", ", Outcomes)}.");
        });
    }

    private static IEnumerable<string> Outcomes => [.. Enum.GetNames<OutcomeKind>().Select(JsonNamingPolicy.CamelCase.ConvertName), Acting];

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_port, _program, _since, _until, _outcome])
            command.Add(option);
    }

    public HistoryQuery ToQuery(ParseResult parsed) => new()
    {
        Port = parsed.GetValue(_port),
        Program = parsed.GetValue(_program),
        Since = parsed.GetValue(_since),
        Until = parsed.GetValue(_until),
        Outcomes = [.. (parsed.GetValue(_outcome) ?? []).Select(kind => Outcomes.First(known => known.Equals(kind, StringComparison.OrdinalIgnoreCase)))],
    };

    private static Option<DateTimeOffset?> TimeOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "T",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (ScanVerb.TryParseSince(text, TimeProvider.System.GetLocalNow(), out DateTimeOffset moment))
                return moment;
            result.AddError($"'{PlainText.Clean(text, 40)}' is no time; write 90s, 10m, 2h, 3d or a date and time.");
            return null;
        },
    };
}
