namespace PortiaWatch.Top;

/// <summary>How the ports are sorted.</summary>
internal enum PortOrder
{
    Port,
    Program,

    /// <summary>The youngest first: what has just been started is what one looks for.</summary>
    Age,

    Folder,
}
