using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Verbs;

/// <summary>Reads what <c>history export</c> or <c>watch --json</c> wrote, line by line in bounded memory, and keeps what is a whole incident.</summary>
internal static class HistoryImport
{
    private const int AtOnce = 200;
    private const int MostComplaints = 10;

    /// <summary>0 when every line was good, 1 when there was none, 2 when some were refused (the others are kept).</summary>
    public static int Run(ScanInput input, IProcessTable processes, DateTimeOffset now, Terminal terminal)
    {
        int added = 0, known = 0, refused = 0;
        var batch = new List<(string Story, string? Ending)>();
        var numbers = new List<long>();
        HistoryIntake? intake = null;
        try
        {
            foreach ((long number, string? line) in BoundedLines.Read(input.Text, RecordedIncidents.LongestLine))
            {
                if (line is { Length: 0 })
                    continue;
                if (Validate(line, now, out string? error) is { } incident)
                {
                    batch.Add(incident);
                    numbers.Add(number);
                }
                else
                {
                    Refuse(number, error);
                }

                if (batch.Count == AtOnce)
                    Keep();
            }

            Keep();
        }
        catch (InvalidDataException error)
        {
            throw new UsageException($"The packed file is damaged: {error.Message}", error);
        }
        catch (HistoryException error)
        {
            throw new UsageException(error.Message, error);
        }
        finally
        {
            intake?.Dispose();
        }

        Tell(terminal, added, known, refused);
        return refused > 0 ? ExitCode.Usage : added + known > 0 ? ExitCode.Done : ExitCode.No;

        void Keep()
        {
            if (batch.Count == 0)
                return;
            intake ??= new HistoryIntake(Composition.HistoryFile, processes);
            IReadOnlyList<bool?> answers = intake.Add(batch);
            for (int i = 0; i < answers.Count; i++)
            {
                added += answers[i] == true ? 1 : 0;
                known += answers[i] == false ? 1 : 0;
                if (answers[i] is null)
                    Refuse(numbers[i], "is not a whole incident");
            }

            batch.Clear();
            numbers.Clear();
        }

        void Refuse(long number, string? error)
        {
            if (++refused <= MostComplaints)
                terminal.Messages.Write(new Text($"Line {number} {error}.\n"));
        }
    }

    /// <summary>Null with the end of a sentence that begins with the line's number.</summary>
    internal static (string Story, string? Ending)? Validate(string? line, DateTimeOffset now, out string? error)
    {
        error = "is longer than any recorded incident";
        if (line is null || RecordedIncidents.Read(line, out error) is not { } recorded)
            return null;
        error = "is not a whole incident";
        if (recorded.Incident.Id is not { Length: >= 1 and <= 64 } id || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || recorded.At > now.AddDays(1))
            return null;
        using JsonDocument document = JsonDocument.Parse(line);
        if (!IsReadable(document.RootElement))
            return null;
        JsonElement outcome = document.RootElement.TryGetProperty("outcome", out JsonElement value) ? value : default;
        if (outcome.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) || (outcome.ValueKind == JsonValueKind.Object && !IsOutcome(outcome)))
            return null;
        error = null;
        return (line, outcome.ValueKind == JsonValueKind.Object ? outcome.GetRawText() : null);
    }

    /// <summary>False when a text in it is none: an escaped half of a surrogate pair passes the parser and fails whoever shows it.</summary>
    private static bool IsReadable(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString() is not null,
                JsonValueKind.Array => element.EnumerateArray().All(IsReadable),
                JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsReadable(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsOutcome(JsonElement outcome) =>
        outcome.TryGetProperty("kind", out JsonElement kind) && kind.ValueKind == JsonValueKind.String && Enum.GetNames<OutcomeKind>().Contains(kind.GetString(), StringComparer.OrdinalIgnoreCase)
        && (!outcome.TryGetProperty("at", out JsonElement at) || at.ValueKind == JsonValueKind.Null || (at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out _)));

    private static void Tell(Terminal terminal, int added, int known, int refused)
    {
        if (terminal.IsJson)
        {
            JsonLines.Write(terminal.RawAnswers, json =>
            {
                json.WriteStartObject();
                json.WriteString("schema", "portia.history.import/1");
                json.WriteNumber("added", added);
                json.WriteNumber("known", known);
                json.WriteNumber("refused", refused);
                json.WriteEndObject();
            });
            return;
        }

        var text = new StringBuilder($"{added} added");
        if (known > 0)
            text.Append($", {known} were here already");
        if (refused > 0)
            text.Append($", {refused} refused");
        terminal.Answers.Write(new Text(text.Append(".\n").ToString()));
    }
}
