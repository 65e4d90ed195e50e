namespace PortiaWatch.Pipeline.Sources;

/// <summary>A place in a file.</summary>
/// <param name="Offset">Bytes before the place.</param>
/// <param name="LastRead">The last of these bytes, to see later whether it is still the same content.</param>
internal sealed record ReadingMark(long Offset, byte[] LastRead);
