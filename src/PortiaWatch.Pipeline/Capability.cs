namespace PortiaWatch.Pipeline;

/// <summary>What the platform can do here and now, measured at start. Each missing one has its reason in <see cref="Capabilities.Limits"/>.</summary>
[Flags]
public enum Capability
{
    None = 0,
    ReadSystemLog = 1,
    SeeKernelEvents = 2,
    ReadSocketTable = 4,
    InspectOthers = 8,
    Signal = 16,
    NotifyWithButtons = 32,
}
