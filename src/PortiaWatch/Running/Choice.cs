namespace PortiaWatch.Running;

/// <summary>What a person answers.</summary>
internal enum Choice
{
    Leave,
    Strike,
    Next,
    Again,

    /// <summary>Ctrl-C.</summary>
    Interrupt,
}
