namespace PortiaWatch.Top;

/// <summary>What the keys do.</summary>
internal static class HelpText
{
    private static readonly string[] Lines =
    [
        "  Up Down j k      move; PgUp PgDn Home End g G go further",
        "  Tab              from the ports to the incidents and back",
        "  /                show only what has these words (program, pid, port, folder,",
        "                   user, outcome); Esc ends it",
        "  s                sort the ports by port, program, age, folder",
        "  Enter            all about the selected port or incident; Esc goes back",
        "  x                strike who holds the selected port: you are asked first, and",
        "                   what portia free protects is protected here",
        "  m                mute the port of this row, in this view; M shows all again",
        "  w                start a watcher where none runs; it stays when this view ends",
        "                   (kill PID ends it; portia install runs one with every session)",
        "  Ctrl-L           draw everything again",
        "  q, Ctrl-C        quit",
        "",
        "  Sockets are read every two seconds at most, and only while this is open.",
        "  Incidents come from the watcher at once; the history is here without one.",
    ];

    public static Overlay Overlay { get; } = new("KEYS", _ => Lines);
}
