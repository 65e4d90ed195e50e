namespace PortiaWatch.Pipeline.Configuration;

/// <summary><c>"auto"</c>, <c>true</c> or <c>false</c>.</summary>
public enum Toggle
{
    Auto,
    On,
    Off,
}
