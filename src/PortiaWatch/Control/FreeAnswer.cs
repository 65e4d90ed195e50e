using System.Text.Json;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Control;

/// <summary><c>portia.freed/1</c>: how a strike by hand ended, for the client that asked for it.</summary>
internal sealed record FreeAnswer
{
    public const string CurrentSchema = "portia.freed/1";

    public required string Schema { get; init; }

    public required string Outcome { get; init; }

    public required string Sentence { get; init; }

    public string? NextStep { get; init; }

    public double? TookMilliseconds { get; init; }

    public required IReadOnlyList<ProcessMark> Signalled { get; init; }

    public static FreeAnswer Of(StrikeResult result) => new()
    {
        Schema = CurrentSchema,
        Outcome = JsonNamingPolicy.CamelCase.ConvertName(result.Kind.ToString()),
        Sentence = result.Sentence,
        NextStep = result.NextStep,
        TookMilliseconds = result.Took?.TotalMilliseconds,
        Signalled = [.. result.Signalled.Select(ProcessMark.Of)],
    };

    /// <summary>Null when it is no answer that this version understands.</summary>
    public StrikeResult? ToResult() => Enum.TryParse(Outcome, ignoreCase: true, out OutcomeKind kind) && Enum.IsDefined(kind)
        ? new StrikeResult(kind, Sentence, NextStep, TookMilliseconds is { } took ? TimeSpan.FromMilliseconds(took) : null, [.. Signalled.Select(mark => mark.ToIdentity())])
        : null;
}
