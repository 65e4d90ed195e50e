namespace PortiaWatch.Running;

/// <summary>What is done when the command is refused a port.</summary>
internal enum RunMode
{
    /// <summary>Ask where somebody can answer; else say who holds it.</summary>
    Ask,

    /// <summary>Strike the holder, then start the command again.</summary>
    Free,

    /// <summary>Start the command again when the port is free.</summary>
    Wait,

    /// <summary>Start the command again with the next free port.</summary>
    Next,
}
