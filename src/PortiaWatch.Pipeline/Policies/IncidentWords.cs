using System.Globalization;
using System.Text;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>What a notification or a question says of an incident. Foreign text is cleaned and cut; the result is still data, never markup.</summary>
internal static class IncidentWords
{
    private const int LongestPath = 120;
    private const int LongestSentence = 300;

    /// <summary><c>Port 3000 is taken</c></summary>
    public static string Title(Incident incident)
    {
        Endpoint endpoint = incident.Endpoint;
        if (endpoint.Path is { } path)
            return $"{PlainText.Clean(path, LongestPath)} is taken";
        return endpoint.Port is { } port
            ? string.Create(CultureInfo.InvariantCulture, $"{(endpoint.Transport == Transport.Udp ? "UDP port" : "Port")} {port} is taken")
            : "A port is taken";
    }

    /// <summary>Who was refused, and who holds it with folder and age: <c>vite (pid 9001) was refused. node (pid 4121, ~/shop, up 3 h) holds it.</c></summary>
    public static string Sides(Incident incident, DateTimeOffset now)
    {
        var text = new StringBuilder();
        if (incident.Contender is { } contender)
            text.Append(CultureInfo.InvariantCulture, $"{HolderWords.Name(contender.Facts?.Name ?? contender.Name ?? "A program")} (pid {contender.Pid}) was refused. ");
        switch (incident.State)
        {
            case PortState.Held when incident.Holders.Count > 0:
                text.Append(Holder(incident.Holders[0], now));
                if (incident.Holders.Count > 1)
                    text.Append(CultureInfo.InvariantCulture, $" and {incident.Holders.Count - 1} more hold it.");
                else
                    text.Append(" holds it.");
                break;
            case PortState.Free:
                text.Append("It is free again.");
                break;
            case PortState.TimeWait:
                text.Append("Only closed connections hold it, for a minute or two.");
                break;
            case PortState.Reserved:
                text.Append("No process holds it; the system keeps it reserved.");
                break;
            default:
                text.Append(incident.Endpoint.IsComplete ? "It cannot be seen who holds it." : "The message does not say which port.");
                break;
        }

        return text.ToString();
    }

    /// <summary>What to do, one sentence: a holder's advice, else the command that frees the port; null when there is nothing to do.</summary>
    public static string? NextStep(Incident incident)
    {
        if (incident.State != PortState.Held)
            return null;
        foreach (Holder holder in incident.Holders)
        {
            if (holder.Advice is { } advice)
                return PlainText.Clean(advice, LongestSentence);
            if (holder.Protection is { } protection)
                return PlainText.Clean(protection, LongestSentence);
        }

        return Target(incident.Endpoint) is { } target ? $"portia free {target}" : null;
    }

    /// <summary>The endpoint as the command line takes it; null for a path that is not safe to paste.</summary>
    private static string? Target(Endpoint endpoint) => endpoint switch
    {
        { Port: { } port } => string.Create(CultureInfo.InvariantCulture, $"{(endpoint.Transport == Transport.Udp ? "udp/" : "")}{port}"),
        { Path: { } path } when path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') => path,
        _ => null,
    };

    private static string Holder(Holder holder, DateTimeOffset now)
    {
        if (holder.Process is not { } process)
            return Capital(HolderWords.Of(holder));
        var text = new StringBuilder(HolderWords.Name(process.Name));
        text.Append(CultureInfo.InvariantCulture, $" (pid {process.Identity.Pid}");
        if ((process.Project ?? process.WorkingDirectory) is { } folder)
            text.Append(CultureInfo.InvariantCulture, $", {PlainText.Clean(folder, LongestPath)}");
        if (process.StartedAt is { } startedAt)
            text.Append(CultureInfo.InvariantCulture, $", up {HolderWords.Age(now - startedAt)}");
        return text.Append(')').ToString();
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
