namespace PortiaWatch.Pipeline.Events;

/// <summary>How far the origin of a record can be believed, lowest first, so that <c>trust &gt;= Trust.System</c> reads as it should.</summary>
public enum Trust
{
    /// <summary>Anybody can write it: files, standard input.</summary>
    Text,

    /// <summary>The system vouches for the sender's pid and uid: journald, <c>log stream</c>.</summary>
    System,

    /// <summary>The run wrapper's own child, or the runtime hook inside it.</summary>
    Child,

    /// <summary>The kernel's own event.</summary>
    Kernel,
}
