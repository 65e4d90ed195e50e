namespace PortiaWatch.Pipeline.Sources;

internal enum FileChangeKind
{
    /// <summary>The content changed; the name still means the same file, or a change of another kind follows.</summary>
    Written,

    /// <summary>The name means another file or folder now, or none.</summary>
    Replaced,

    /// <summary>Moved to <see cref="FileChange.NewPath"/>.</summary>
    Moved,

    /// <summary>Anything may have happened: notifications were lost, or a folder came or went. The path says nothing.</summary>
    Unknown,
}
