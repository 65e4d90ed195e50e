namespace PortiaWatch.Top;

/// <summary>What the keys do.</summary>
internal static class HelpText
{
    private static readonly string[] Lines =
    [
        "  Up Down j k       move; PgUp PgDn Home End g G go further",
        "  Tab               from the ports to the incidents and back",
        "  /                 show only what has these words (program, pid, port, folder, user); Esc ends it",
        "  s                 sort the ports by port, program, age, folder",
        "  Enter             all about the selected port or incident; Esc goes back",
        "  x                 strike who holds the selected port. You are asked first, and everything that",
        "                    protects a process from portia free protects it here",
        "  m                 mute the port of the selected row, in this view only; M shows all again",
        "  Ctrl-L            draw everything again",
        "  q, Ctrl-C         quit",
        "",
        "  The sockets are read every two seconds at most, and only while this is open.",
        "  Incidents come from the watcher at once; without one the history can be read all the same.",
    ];

    public static Overlay Overlay { get; } = new("Keys", _ => Lines);
}
