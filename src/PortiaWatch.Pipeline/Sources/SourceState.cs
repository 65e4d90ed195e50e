namespace PortiaWatch.Pipeline.Sources;

/// <summary>What a source is doing.</summary>
public enum SourceState
{
    Starting,
    Running,

    /// <summary>Works, but sees less than it should (<see cref="SourceReport.Note"/> says why).</summary>
    Limited,

    /// <summary>Waits for something that is not there yet (a file that does not exist).</summary>
    Waiting,

    /// <summary>Failed; will be started again.</summary>
    Restarting,

    /// <summary>The user has no right to it, or its tool is missing; not tried again.</summary>
    Unavailable,

    /// <summary>Ended in an orderly way.</summary>
    Ended,
}
