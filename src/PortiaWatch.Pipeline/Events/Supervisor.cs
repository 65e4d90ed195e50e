namespace PortiaWatch.Pipeline.Events;

/// <summary>Somebody who will start a process again after it ends.</summary>
/// <param name="Kind"><c>systemd</c>, <c>launchd</c>, <c>homebrew</c>, <c>pm2</c>, <c>nodemon</c>, <c>foreman</c>, <c>docker</c>, …</param>
/// <param name="Name">Unit, label or program name; of a container its name with image and compose project, where the engine tells.</param>
/// <param name="StopCommand">The supervisor's own stop verb as an argv; empty where there is none to give.</param>
public sealed record Supervisor(string Kind, string Name, IReadOnlyList<string> StopCommand)
{
    /// <summary>
    /// True when the process only passes the port on for what the supervisor runs, as a container engine's proxy does. It is never signalled: its end would leave the container up
    /// without its port.
    /// </summary>
    public bool IsProxy { get; init; }

    /// <summary>
    /// Does what <see cref="StopCommand"/> would, without the program; null where only the command does it. Gives null when it ended well, else the end of a sentence that
    /// says what went wrong.
    /// </summary>
    public Func<CancellationToken, Task<string?>>? StopAsync { get; init; }
}
