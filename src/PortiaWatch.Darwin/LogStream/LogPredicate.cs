namespace PortiaWatch.Darwin.LogStream;

/// <summary>What log stream is asked for.</summary>
internal static class LogPredicate
{
    /// <summary>
    /// Anchored on a subsystem and a process: the log daemon filters such clauses itself. A bare search in the message makes it send everything over, which others
    /// measured at 92 to 97 % of a core.
    /// </summary>
    public const string Narrow =
        "(subsystem == \"com.apple.network\" AND (messageType == error OR messageType == fault) AND eventMessage CONTAINS \"Address already in use\")"
        + " OR (process == \"launchd\" AND eventMessage CONTAINS \"Address already in use\")";

    /// <summary>Every program's lines, taken service names too. Leaves out log itself, which writes its own start into the log.</summary>
    public const string Wide =
        "process != \"log\" AND (eventMessage CONTAINS[c] \"address already in use\" OR eventMessage CONTAINS \"EADDRINUSE\""
        + " OR eventMessage CONTAINS \"bootstrap_check_in\" OR eventMessage CONTAINS \"bootstrap_register\""
        + " OR eventMessage CONTAINS \"Check-in of Mach service failed\" OR eventMessage CONTAINS \"tried to hijack the service\")";

    /// <summary>Every option that ~/.logrc could change is given in so many words. Ends by itself after a day, should we die without ending it.</summary>
    public static IReadOnlyList<string> StreamArguments(string predicate) =>
        ["stream", "--style", "ndjson", "--level", "default", "--type", "log", "--color", "none", "--no-backtrace", "--timeout", "1d", "--predicate", predicate];

    /// <summary>What was logged since a moment. Takes whole seconds only.</summary>
    public static IReadOnlyList<string> ShowArguments(string predicate, DateTimeOffset since) =>
        ["show", "--style", "ndjson", "--color", "none", "--no-pager", "--loss", "--start", $"@{since.ToUnixTimeSeconds()}", "--predicate", predicate];
}
