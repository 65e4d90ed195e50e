using System.Globalization;
using System.Text.Json;
using PortiaWatch.Pipeline.History;

namespace PortiaWatch.Rendering;

/// <summary>Writes <c>portia.stats/1</c>.</summary>
internal static class StatsJson
{
    public static void Write(Utf8JsonWriter json, HistoryStatistics statistics)
    {
        json.WriteStartObject();
        json.WriteString("schema", "portia.stats/1");
        json.WriteString("from", Day(statistics.From));
        json.WriteString("until", Day(statistics.Until));
        json.WriteNumber("incidents", statistics.Incidents);
        json.WriteNumber("refusals", statistics.Refusals);
        json.WriteNumber("freed", statistics.Freed);
        WriteBlocked(json, statistics.Blocked);
        WriteTallies(json, "ports", "port", "program", statistics.Ports);
        WriteTallies(json, "programs", "program", "port", statistics.Programs);
        json.WriteStartArray("days");
        foreach (DayTally day in statistics.Days)
        {
            json.WriteStartObject();
            json.WriteString("day", Day(day.Day));
            json.WriteNumber("incidents", day.Incidents);
            WriteBlocked(json, day.Blocked);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("hours");
        foreach (IReadOnlyList<int> weekday in statistics.Hours)
        {
            json.WriteStartArray();
            foreach (int incidents in weekday)
                json.WriteNumberValue(incidents);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTallies(Utf8JsonWriter json, string name, string what, string other, IReadOnlyList<Tally> tallies)
    {
        json.WriteStartArray(name);
        foreach (Tally tally in tallies)
        {
            json.WriteStartObject();
            json.WriteString(what, tally.Name.Length > 0 ? tally.Name : null);
            json.WriteNumber("incidents", tally.Incidents);
            json.WriteNumber("refusals", tally.Refusals);
            json.WriteNumber("freed", tally.Freed);
            WriteBlocked(json, tally.Blocked);
            json.WriteString(other, tally.Other);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBlocked(Utf8JsonWriter json, TimeSpan blocked) => json.WriteNumber("blockedMinutes", Math.Round(blocked.TotalMinutes, 2));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
