namespace PortiaWatch.Darwin.Sockets;

/// <summary>Why a stream could not be read at all.</summary>
internal enum PcblistError
{
    None,
    ShortHeader,
    BadHeaderLength,
}
