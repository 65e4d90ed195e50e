namespace PortiaWatch.Pipeline.Sources;

/// <summary>What the system says happened to a path.</summary>
internal readonly record struct FileChange(FileChangeKind Kind, string Path, string NewPath = "");
