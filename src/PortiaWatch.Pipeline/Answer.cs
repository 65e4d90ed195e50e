namespace PortiaWatch.Pipeline;

/// <summary>The user's answer to "Strike?".</summary>
public enum Answer
{
    Strike,
    Leave,

    /// <summary>Nobody answered in time, or nobody could be asked: treated as leave.</summary>
    NoAnswer,
}
