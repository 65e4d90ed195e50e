namespace PortiaWatch.Top;

/// <summary>The lists that keys work on.</summary>
internal enum TopPane
{
    Ports,
    Incidents,
}
