namespace PortiaWatch.Pipeline.History;

/// <summary>How the writing goes, for <c>status</c> and <c>doctor</c>.</summary>
/// <param name="Written">Entries begun, completed or recounted since the start.</param>
/// <param name="NotWritten">Those that were not, because the file could not be used.</param>
/// <param name="Problem">One plain sentence; null while all is well, or nothing was to be written yet.</param>
public sealed record HistoryReport(long Written, long NotWritten, string? Problem);
