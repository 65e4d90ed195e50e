using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Journald;

/// <summary>An outcome as a journal entry: a sentence for people and fields to search by. Names of processes stand in the fields as they are, whatever they hold.</summary>
internal static class OutcomeEntry
{
    /// <summary>For <c>journalctl MESSAGE_ID=…</c>; never to be changed.</summary>
    public const string MessageId = "ca1a67de47c244e1974ed27f2f002970";

    // Together far below what one datagram may hold (net.core.wmem_default, 208 KiB).
    private const int MaxSentenceChars = 1000;
    private const int MaxValueChars = 1000;
    private const int MostHolders = 16;

    // syslog(3)
    private const string Warning = "4";
    private const string Informational = "6";

    public static byte[] ToBytes(Outcome outcome)
    {
        Incident incident = outcome.Verdict.Incident;
        var entry = new ArrayBufferWriter<byte>(1024);
        Append(entry, "MESSAGE", Sentence(outcome));
        Append(entry, "MESSAGE_ID", MessageId);
        Append(entry, "PRIORITY", outcome.IsTrouble ? Warning : Informational);
        Append(entry, "SYSLOG_IDENTIFIER", "portia");
        Append(entry, "PORTIA_INCIDENT", incident.Id);
        Append(entry, "PORTIA_OUTCOME", Camel(outcome.Kind));
        Append(entry, "PORTIA_ACTION", Camel(outcome.Verdict.Action));
        Append(entry, "PORTIA_RULE", outcome.Verdict.Rule.Title);
        Append(entry, "PORTIA_SOURCE", incident.Collision.Evidence.Record.Source);
        Append(entry, "PORTIA_ENDPOINT", incident.Endpoint.ToString());
        Append(entry, "PORTIA_PORT", incident.Endpoint.Port?.ToString(CultureInfo.InvariantCulture));
        Append(entry, "PORTIA_CONTENDER", incident.Contender?.Facts?.Name ?? incident.Contender?.Name);
        Append(entry, "PORTIA_CONTENDER_PID", incident.Contender is { Pid: > 0 } contender ? contender.Pid.ToString(CultureInfo.InvariantCulture) : null);

        // A field may stand in an entry more than once.
        foreach (ProcessFacts holder in incident.Holders.Select(holder => holder.Process).OfType<ProcessFacts>().Take(MostHolders))
        {
            Append(entry, "PORTIA_HOLDER", holder.Name);
            Append(entry, "PORTIA_HOLDER_PID", holder.Identity.Pid.ToString(CultureInfo.InvariantCulture));
        }

        return entry.WrittenSpan.ToArray();
    }

    /// <summary>
    /// One field; none where there is no value. A value with a line end goes in the form that states its length, so that it cannot begin a field of its own.
    /// </summary>
    internal static void Append(ArrayBufferWriter<byte> entry, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        byte[] bytes = Encoding.UTF8.GetBytes(value.Length <= MaxValueChars ? value : value[..MaxValueChars]);
        entry.Write(Encoding.ASCII.GetBytes(name));
        if (!bytes.AsSpan().Contains((byte)'\n'))
            entry.Write("="u8);
        else
        {
            entry.Write("\n"u8);
            BinaryPrimitives.WriteInt64LittleEndian(entry.GetSpan(sizeof(long)), bytes.Length);
            entry.Advance(sizeof(long));
        }

        entry.Write(bytes);
        entry.Write("\n"u8);
    }

    private static string Sentence(Outcome outcome)
    {
        Incident incident = outcome.Verdict.Incident;
        string refused = (incident.Contender?.Facts?.Name ?? incident.Contender?.Name) is { } name ? $"{name} was refused {incident.Endpoint}" : $"{incident.Endpoint} was refused";
        string held = incident.Holders.Select(holder => holder.Process).OfType<ProcessFacts>().FirstOrDefault() is { } holder
            ? string.Create(CultureInfo.InvariantCulture, $", held by {holder.Name} (pid {holder.Identity.Pid})")
            : "";
        return PlainText.Clean($"{refused}{held}: {outcome.Sentence}", MaxSentenceChars);
    }

    private static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
