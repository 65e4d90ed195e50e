using System.Globalization;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>
/// What an exec rule's program finds in its environment. Numbers and fixed words only: names, paths and log text belong to other processes, a shell script would paste
/// them into a command sooner or later, and they are in the JSON for programs that can read it.
/// </summary>
internal static class ExecEnvironment
{
    public static IEnumerable<KeyValuePair<string, string>> Of(Verdict verdict)
    {
        Incident incident = verdict.Incident;
        yield return new("PORTIA_ACTION", Word(verdict.Rule.Action));
        yield return new("PORTIA_STATE", Word(incident.State));
        yield return new("PORTIA_TRUST", Word(incident.Collision.Evidence.Record.Trust));
        yield return new("PORTIA_CONFIRMED", incident.IsConfirmed ? "1" : "0");
        if (incident.Endpoint.Transport is { } transport)
            yield return new("PORTIA_TRANSPORT", Word(transport));
        if (incident.Endpoint.Port is { } port)
            yield return new("PORTIA_PORT", Number(port));
        if (incident.Contender is { } contender)
            yield return new("PORTIA_CONTENDER_PID", Number(contender.Pid));
        if (incident.Holders.FirstOrDefault(h => h.Process is not null)?.Process is { } holder)
            yield return new("PORTIA_HOLDER_PID", Number(holder.Identity.Pid));
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
