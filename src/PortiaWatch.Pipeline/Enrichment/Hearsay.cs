using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>
/// Tells senders that may only repeat what they were told. The system's log vouches for who wrote a line, not for where the words come from: a server that logs a stranger's
/// request writes the stranger's words.
/// </summary>
internal static class Hearsay
{
    // Who is refused a port is refused as it starts; even slow starters are through by then.
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);

    // They write what comes down a pipe, or what somebody typed.
    private static readonly string[] Relays = ["logger", "systemd-cat", "cat", "tee", "svlogd", "multilog", "rsyslogd", "syslog-ng"];

    /// <summary>One plain sentence; null when the sender speaks for itself.</summary>
    public static string? Objection(Sender sender, DateTimeOffset writtenAt)
    {
        // journald reads a sender's name when the line arrives; who writes one line and is gone by then could be anything.
        if (sender is { Name: null, Executable: null, Facts: null })
            return "Nothing is known of the program that wrote that, so nobody vouches for who was refused.";
        if (sender.Name is { } name && Relays.Contains(name, StringComparer.Ordinal))
            return $"{name} only passes on what others write, so nobody vouches for who was refused.";
        return sender.Facts?.StartedAt is { } start && writtenAt - start > LongestStart
            ? $"{PlainText.Clean(sender.Facts.Name, 60)} (pid {sender.Pid}) was long running when it wrote that, and may only repeat what it was sent."
            : null;
    }
}
