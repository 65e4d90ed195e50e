namespace PortiaWatch.Pipeline.Detection;

/// <summary>What the lines of a text source are read as.</summary>
public enum LogFormat
{
    /// <summary>Each line as what it looks like.</summary>
    Auto,

    /// <summary>Plain lines; records of <c>log stream</c>, journald and containers are not opened.</summary>
    Text,

    /// <summary>The NDJSON of <c>log stream</c>; every other line is ignored.</summary>
    LogStream,

    /// <summary>The JSON of <c>journalctl -o json</c>; every other line is ignored.</summary>
    Journal,
}
