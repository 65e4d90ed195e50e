using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline;

/// <summary>What the system tells of processes. Thread-safe; a process that vanished in between is null, never an exception.</summary>
public interface IProcessTable
{
    /// <summary>Our own process.</summary>
    ProcessIdentity Self { get; }

    /// <summary>Our effective uid.</summary>
    uint CurrentUser { get; }

    /// <summary>The identity right now; null when there is no such process, or only a zombie.</summary>
    ProcessIdentity? Identify(int pid);

    /// <summary>Everything that may be read of the process; null when there is none.</summary>
    ProcessFacts? Describe(int pid);

    /// <summary>True when we run below that process right now; also when our own ancestors cannot be read, for then it might be one. Asked for every holder that is listed.</summary>
    bool IsAboveUs(int pid) => Describe(Self.Pid)?.Parents.Any(parent => parent.Pid == pid) ?? true;

    /// <summary>
    /// The facts together with what the endpoint that the process holds tells of it: the container whose port it publishes. May ask a container engine; null where nothing more
    /// is known.
    /// </summary>
    ProcessFacts? AtEndpoint(ProcessFacts facts, Endpoint endpoint) => null;

    /// <summary>Children, grandchildren and so on, nearest first.</summary>
    IReadOnlyList<ProcessIdentity> Descendants(ProcessIdentity process);

    /// <summary>The login name; the number as text when it has none.</summary>
    string UserName(uint uid);

    /// <summary>Ports that the unit or job of a process declares for it (a systemd socket unit, a launchd job's sockets); empty where nothing is declared.</summary>
    /// <param name="unit">Unit or label, as a source or the supervisor names it; null when not known.</param>
    IReadOnlyList<int> DeclaredPorts(string? unit) => [];

    /// <summary>Value of a variable in the initial environment of a process; null when it is not set or may not be read.</summary>
    string? EnvironmentVariable(int pid, string name);
}
