namespace PortiaWatch.Darwin.LogStream;

/// <summary>What one line of log's output is.</summary>
internal enum LogLineKind
{
    /// <summary>Plain text: the banner that says what is filtered, which comes first and on standard output.</summary>
    Banner,

    Message,

    /// <summary>The daemon lost records.</summary>
    Loss,

    /// <summary>The last record of an orderly end.</summary>
    Trailer,

    /// <summary>A record without a message, such as an activity.</summary>
    Control,

    /// <summary>Begins like a record and is none: cut short.</summary>
    Broken,
}
